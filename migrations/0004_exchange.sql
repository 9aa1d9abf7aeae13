-- Exchange: who may ask for which fields, every look at a subject's data, and questions about looks.
-- A grant covers one consumer, purpose and resource. `origin` 'automatic': the resource is shared without condition.
CREATE TABLE exchange_grant (
  id TEXT PRIMARY KEY,
  consumer TEXT NOT NULL,
  purpose TEXT NOT NULL,
  resource TEXT NOT NULL,
  fields TEXT NOT NULL,
  basis TEXT NOT NULL,
  valid_from BIGINT NOT NULL,
  valid_to BIGINT,
  state TEXT NOT NULL,
  origin TEXT NOT NULL,
  granted_at BIGINT NOT NULL
);
CREATE INDEX exchange_grant_asked ON exchange_grant (consumer, purpose);
CREATE UNIQUE INDEX exchange_grant_automatic ON exchange_grant (consumer, purpose, resource) WHERE origin = 'automatic';

-- One row for each look. `subject`: a pseudonym; `fields`: resource → fields; `source`: resource → organisation.
-- Rows of the past may come in later (from other systems), so the order is that of `at`, not of the identifiers.
CREATE TABLE exchange_trail (
  id TEXT PRIMARY KEY,
  at BIGINT NOT NULL,
  subject TEXT NOT NULL,
  actor_kind TEXT NOT NULL,
  actor TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  office TEXT,
  consumer TEXT NOT NULL,
  purpose TEXT NOT NULL,
  basis TEXT NOT NULL,
  item TEXT,
  case_id TEXT,
  fields TEXT NOT NULL,
  source TEXT NOT NULL
);
CREATE INDEX exchange_trail_subject ON exchange_trail (subject, at, id);

-- At most one question for each look. `owner`: who hears the answer (person, enterprise).
CREATE TABLE exchange_question (
  id TEXT PRIMARY KEY,
  trail TEXT NOT NULL UNIQUE,
  subject TEXT NOT NULL,
  owner TEXT NOT NULL,
  office TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  due TEXT NOT NULL,
  words TEXT NOT NULL,
  answered_at BIGINT,
  answered_by TEXT,
  answered_name TEXT,
  answer TEXT
);
CREATE INDEX exchange_question_open ON exchange_question (office, due, id) WHERE answered_at IS NULL;
CREATE INDEX exchange_question_answered ON exchange_question (office, answered_at) WHERE answered_at IS NOT NULL;
