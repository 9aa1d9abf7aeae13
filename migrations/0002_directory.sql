-- Directory: divisions, organisations, officials and their posts, residents, enterprises, mandates, accounts.
-- Texts in the three languages are JSON; a row that is no longer active stays, because cases and the audit log name it.
CREATE TABLE directory_division (
  code TEXT PRIMARY KEY,
  parent TEXT,
  level TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL
);

CREATE TABLE directory_organisation (
  key TEXT PRIMARY KEY,
  uscc TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  short TEXT NOT NULL,
  kind TEXT NOT NULL,
  parent TEXT,
  division TEXT NOT NULL,
  sign TEXT NOT NULL,
  consult TEXT NOT NULL,
  complain TEXT NOT NULL,
  address TEXT NOT NULL,
  hours TEXT NOT NULL,
  appeal TEXT NOT NULL
);

CREATE TABLE directory_person (
  id TEXT PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  active BIGINT NOT NULL
);

CREATE TABLE directory_enterprise (
  id TEXT PRIMARY KEY,
  uscc TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  legal_representative TEXT REFERENCES directory_person (id),
  active BIGINT NOT NULL
);

CREATE TABLE directory_official (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  active BIGINT NOT NULL
);
CREATE TABLE directory_post (
  official TEXT NOT NULL REFERENCES directory_official (id),
  office TEXT NOT NULL REFERENCES directory_organisation (key),
  role TEXT NOT NULL CHECK (role IN ('clerk', 'reviewer', 'decider', 'auditor', 'administrator')),
  PRIMARY KEY (official, office, role)
);
CREATE INDEX directory_post_office ON directory_post (office, role);

-- valid_to is the first instant at which the mandate no longer holds; null while no end is set.
CREATE TABLE directory_mandate (
  person TEXT NOT NULL REFERENCES directory_person (id),
  enterprise TEXT NOT NULL REFERENCES directory_enterprise (id),
  basis TEXT NOT NULL CHECK (basis IN ('legal-representative', 'written-authority')),
  valid_from BIGINT NOT NULL,
  valid_to BIGINT,
  PRIMARY KEY (person, enterprise, valid_from)
);
CREATE INDEX directory_mandate_enterprise ON directory_mandate (enterprise);

CREATE TABLE directory_account (
  login TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('person', 'official')),
  subject TEXT NOT NULL,
  password TEXT NOT NULL
);
CREATE INDEX directory_account_subject ON directory_account (subject);

-- What people see of their own sign-ins; the audit log holds them besides.
CREATE TABLE directory_sign_in (
  owner TEXT NOT NULL,
  at BIGINT NOT NULL,
  address TEXT NOT NULL,
  PRIMARY KEY (owner, at)
);
