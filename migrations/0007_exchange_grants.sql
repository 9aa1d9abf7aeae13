-- Grants by workflow: requests for data, what became of them, and the signed documents of the grants.
-- `matters`: keys of items and identifiers of cases, one space between; empty: everything that the purpose covers.
ALTER TABLE exchange_grant ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE exchange_grant ADD COLUMN matters TEXT NOT NULL DEFAULT '';
ALTER TABLE exchange_grant ADD COLUMN request TEXT;
-- The grant that a delegation rests on.
ALTER TABLE exchange_grant ADD COLUMN parent TEXT;
CREATE INDEX exchange_grant_resource ON exchange_grant (resource, consumer, id);
CREATE INDEX exchange_grant_consumer ON exchange_grant (consumer, id);
CREATE INDEX exchange_grant_parent ON exchange_grant (parent) WHERE parent IS NOT NULL;

-- What a consumer asks a provider for. `kind`: new, or renewal of the grant named in `grant_id`.
CREATE TABLE exchange_request (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('new', 'renewal')),
  consumer TEXT NOT NULL,
  provider TEXT NOT NULL,
  resource TEXT NOT NULL,
  fields TEXT NOT NULL,
  purpose TEXT NOT NULL,
  basis TEXT NOT NULL,
  matters TEXT NOT NULL,
  valid_from BIGINT NOT NULL,
  valid_to BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('asked', 'granted', 'refused', 'withdrawn')),
  asked_at BIGINT NOT NULL,
  asked_by TEXT NOT NULL,
  asked_name TEXT NOT NULL,
  due TEXT NOT NULL,
  extended BIGINT NOT NULL,
  escalated_at BIGINT,
  grant_id TEXT
);
CREATE INDEX exchange_request_open ON exchange_request (provider, due, id) WHERE state = 'asked';
CREATE INDEX exchange_request_provider ON exchange_request (provider, id);
CREATE INDEX exchange_request_consumer ON exchange_request (consumer, id);
CREATE INDEX exchange_request_escalated ON exchange_request (due, id) WHERE escalated_at IS NOT NULL AND state = 'asked';
CREATE UNIQUE INDEX exchange_request_renewal ON exchange_request (grant_id) WHERE kind = 'renewal' AND state = 'asked';

-- One line of the timeline that both sides see; of a request, of a grant, or of both.
CREATE TABLE exchange_grant_step (
  id TEXT PRIMARY KEY,
  request TEXT,
  grant_id TEXT,
  at BIGINT NOT NULL,
  kind TEXT NOT NULL,
  actor_kind TEXT NOT NULL,
  actor TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  office TEXT,
  words TEXT NOT NULL,
  ground TEXT NOT NULL,
  basis TEXT NOT NULL,
  detail TEXT NOT NULL
);
CREATE INDEX exchange_grant_step_request ON exchange_grant_step (request, id) WHERE request IS NOT NULL;
CREATE INDEX exchange_grant_step_grant ON exchange_grant_step (grant_id, id) WHERE grant_id IS NOT NULL;

-- Every version of a grant in canonical form (RFC 8785), signed by provider and consumer (RFC 7515, detached).
CREATE TABLE exchange_grant_document (
  grant_id TEXT NOT NULL,
  version BIGINT NOT NULL,
  document TEXT NOT NULL,
  hash TEXT NOT NULL,
  provider_jws TEXT NOT NULL,
  consumer_jws TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  PRIMARY KEY (grant_id, version)
);
