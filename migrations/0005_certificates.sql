-- Certificates: one row for each, with the signed payload as it was issued and the status as it is now.
-- Everything that a certificate says stands in `jws`; the columns beside it are for finding and for counting.
CREATE TABLE certificates_certificate (
  id TEXT PRIMARY KEY,
  type_key TEXT NOT NULL,
  identifier TEXT NOT NULL,
  number TEXT NOT NULL,
  token TEXT NOT NULL,
  token_digest TEXT NOT NULL,
  owner TEXT NOT NULL,
  org TEXT NOT NULL,
  item_key TEXT NOT NULL,
  case_id TEXT NOT NULL,
  issued_on TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_to TEXT,
  jws TEXT NOT NULL,
  audit_id TEXT NOT NULL,
  -- 01 valid, 02 withheld, 03 revoked, 04 deregistered, 05 lapsed, 06 moved out, 07 revoked as penalty, 99 other
  status TEXT NOT NULL,
  status_at BIGINT NOT NULL,
  status_office TEXT,
  status_reason TEXT,
  status_grounds TEXT,
  status_basis TEXT
);
CREATE UNIQUE INDEX certificates_identifier ON certificates_certificate (identifier);
CREATE UNIQUE INDEX certificates_number ON certificates_certificate (number);
-- Looked up by digest, so that the time of a look-up tells nothing about tokens that exist.
CREATE UNIQUE INDEX certificates_token ON certificates_certificate (token_digest);
CREATE INDEX certificates_owner ON certificates_certificate (owner, issued_on, id);
CREATE INDEX certificates_org ON certificates_certificate (org, id);
CREATE INDEX certificates_case ON certificates_certificate (case_id);

-- The next serial of each series of numbers (type, county, year). Processes take blocks: no row that each issue changes.
CREATE TABLE certificates_series (
  series TEXT PRIMARY KEY,
  next BIGINT NOT NULL
);
