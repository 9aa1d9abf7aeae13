-- Registry: resources on their way into the catalogue, disputes about fields, deliveries and missed cycles, corrections.
CREATE TABLE registry_submission (
  id TEXT PRIMARY KEY,
  resource TEXT NOT NULL,
  office TEXT NOT NULL,
  author TEXT NOT NULL,
  author_name TEXT NOT NULL,
  at BIGINT NOT NULL,
  document TEXT NOT NULL,
  state TEXT NOT NULL,
  decided_at BIGINT,
  decided_by TEXT,
  decided_name TEXT,
  reason TEXT
);
-- One open submission for a resource: a second one would be judged against a version that is about to change.
CREATE UNIQUE INDEX registry_submission_open ON registry_submission (resource) WHERE decided_at IS NULL;
CREATE INDEX registry_submission_office ON registry_submission (office, id);

-- A second claim on a field. `due`: the day by which the data office decides. `alarmed_at`: it was told that the day passed.
CREATE TABLE registry_dispute (
  id TEXT PRIMARY KEY,
  submission TEXT NOT NULL,
  resource TEXT NOT NULL,
  field TEXT NOT NULL,
  claimant TEXT NOT NULL,
  held_in TEXT NOT NULL,
  held_field TEXT NOT NULL,
  holder TEXT NOT NULL,
  opened_at BIGINT NOT NULL,
  due TEXT NOT NULL,
  words TEXT NOT NULL,
  reply TEXT NOT NULL,
  verdict TEXT,
  decided_at BIGINT,
  decided_by TEXT,
  decided_name TEXT,
  reason TEXT,
  alarmed_at BIGINT,
  UNIQUE (submission, field)
);
CREATE INDEX registry_dispute_open ON registry_dispute (due, id) WHERE decided_at IS NULL;
CREATE INDEX registry_dispute_claimant ON registry_dispute (claimant, id);
CREATE INDEX registry_dispute_holder ON registry_dispute (holder, id);

-- The last delivery of each resource; the earlier ones stand in the audit log.
CREATE TABLE registry_delivery (
  resource TEXT PRIMARY KEY,
  at BIGINT NOT NULL,
  as_of TEXT NOT NULL,
  kind TEXT NOT NULL,
  accepted BIGINT NOT NULL,
  unchanged BIGINT NOT NULL,
  refused BIGINT NOT NULL,
  quality TEXT NOT NULL
);

-- A missed cycle, told once; the next delivery takes it away. `due`: the last day that would have been in time.
CREATE TABLE registry_alarm (
  resource TEXT PRIMARY KEY,
  due TEXT NOT NULL,
  raised_at BIGINT NOT NULL
);

-- When the cycles are looked at next ('freshness'), and when the catalogue was published last ('catalogue'): one row each,
-- so that of several processes one plans the job, and publications follow one another.
CREATE TABLE registry_watch (
  name TEXT PRIMARY KEY,
  next_at BIGINT NOT NULL
);

-- Somebody says that a fact is wrong. `owner`: who hears the answer. `due`: the day by which the provider answers;
-- `alarmed_at`: it and the data office were told that the day passed.
CREATE TABLE registry_correction (
  id TEXT PRIMARY KEY,
  resource TEXT NOT NULL,
  field TEXT NOT NULL,
  subject TEXT NOT NULL,
  right_value TEXT NOT NULL,
  words TEXT NOT NULL,
  owner TEXT NOT NULL,
  asker_name TEXT NOT NULL,
  asker_office TEXT,
  office TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  due TEXT NOT NULL,
  state TEXT NOT NULL,
  answered_at BIGINT,
  answered_by TEXT,
  answered_name TEXT,
  answer TEXT,
  told BIGINT,
  alarmed_at BIGINT
);
CREATE INDEX registry_correction_office ON registry_correction (office, state, due, id);
CREATE INDEX registry_correction_owner ON registry_correction (owner, id);
CREATE INDEX registry_correction_asking ON registry_correction (asker_office, id) WHERE asker_office IS NOT NULL;
-- Asked once: a repeat while the first is open changes nothing.
CREATE UNIQUE INDEX registry_correction_open ON registry_correction (resource, subject, field, owner) WHERE state = 'open';
