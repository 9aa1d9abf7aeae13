-- Exchange: looks that the law hides from the subject for a time (an investigation).
-- The look itself stands in exchange_trail like every other; it appears by itself from `until` on. `at`: when it was taken.
CREATE TABLE exchange_hidden (
  trail TEXT PRIMARY KEY,
  at BIGINT NOT NULL,
  subject TEXT NOT NULL,
  office TEXT NOT NULL,
  until BIGINT NOT NULL,
  basis TEXT NOT NULL
);
CREATE INDEX exchange_hidden_subject ON exchange_hidden (subject, until);
