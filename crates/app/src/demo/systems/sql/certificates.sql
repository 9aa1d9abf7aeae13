-- What the disabled persons' federation's service answers from.
CREATE TABLE cl_certificate (
  id_card_no TEXT PRIMARY KEY,
  cert_no TEXT NOT NULL,
  kind_code TEXT NOT NULL,
  level TEXT NOT NULL,
  valid_until TEXT NOT NULL,
  last_modified TEXT NOT NULL
) WITHOUT ROWID;
