-- Registry: the resource catalogue, and the authoritative records with their older versions.
-- A published catalogue entry is never changed; a new version stands beside it.
CREATE TABLE registry_resource (
  key TEXT NOT NULL,
  version BIGINT NOT NULL,
  document TEXT NOT NULL,
  published_at BIGINT NOT NULL,
  PRIMARY KEY (key, version)
);

-- One current record for each subject and resource. `subject`: resident ID number or unified social credit code.
CREATE TABLE registry_record (
  resource TEXT NOT NULL,
  subject TEXT NOT NULL,
  version BIGINT NOT NULL,
  as_of TEXT NOT NULL,
  source TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  data TEXT NOT NULL,
  PRIMARY KEY (resource, subject)
);

CREATE TABLE registry_record_past (
  resource TEXT NOT NULL,
  subject TEXT NOT NULL,
  version BIGINT NOT NULL,
  as_of TEXT NOT NULL,
  source TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  data TEXT NOT NULL,
  PRIMARY KEY (resource, subject, version)
);
