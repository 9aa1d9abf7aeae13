-- Platform: sessions, audit, Merkle log, jobs, idempotency, throttling, notices, stored files.
CREATE TABLE platform_session (
  digest TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  actor TEXT NOT NULL,
  acting_for TEXT,
  csrf TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX platform_session_expires ON platform_session (expires_at);

CREATE TABLE platform_throttle (
  key TEXT PRIMARY KEY,
  failures BIGINT NOT NULL,
  since BIGINT NOT NULL
);

CREATE TABLE platform_once (
  owner TEXT NOT NULL,
  key TEXT NOT NULL,
  outcome TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (owner, key)
);

CREATE TABLE platform_notice (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  at BIGINT NOT NULL,
  key TEXT NOT NULL,
  args TEXT NOT NULL,
  href TEXT NOT NULL,
  read_at BIGINT
);
CREATE INDEX platform_notice_owner ON platform_notice (owner, id);

CREATE TABLE platform_audit (
  id TEXT PRIMARY KEY,
  at BIGINT NOT NULL,
  event TEXT NOT NULL,
  grant_action TEXT NOT NULL,
  actor_kind TEXT NOT NULL,
  actor TEXT NOT NULL,
  on_behalf TEXT,
  office TEXT,
  object TEXT NOT NULL,
  subject TEXT NOT NULL,
  basis TEXT NOT NULL,
  detail TEXT NOT NULL,
  document BYTES,
  salt BYTES NOT NULL,
  leaf BIGINT
);
-- Rows that no checkpoint covers yet: the sealing job reads only this index.
CREATE INDEX platform_audit_unsealed ON platform_audit (id) WHERE leaf IS NULL;

-- The Merkle tree in tiles of 256 hashes (C2SP tlog-tiles); a partial tile grows in place.
CREATE TABLE platform_log_tile (
  level BIGINT NOT NULL,
  position BIGINT NOT NULL,
  hashes BYTES NOT NULL,
  PRIMARY KEY (level, position)
);
CREATE TABLE platform_log_checkpoint (
  size BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,
  note TEXT NOT NULL
);
CREATE TABLE platform_log_state (
  name TEXT PRIMARY KEY,
  size BIGINT NOT NULL
);
INSERT INTO platform_log_state (name, size) VALUES ('log', 0);

CREATE TABLE platform_job (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  state BIGINT NOT NULL,
  run_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  claimed_until BIGINT,
  error TEXT
);
CREATE INDEX platform_job_due ON platform_job (run_at) WHERE state = 0;
CREATE INDEX platform_job_claimed ON platform_job (claimed_until) WHERE state = 1;
CREATE INDEX platform_job_stuck ON platform_job (id) WHERE state = 3;

CREATE TABLE platform_file (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size BIGINT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX platform_file_owner ON platform_file (owner, id);
CREATE INDEX platform_file_sha256 ON platform_file (sha256);

CREATE TABLE platform_stash (
  digest TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  path TEXT NOT NULL,
  body TEXT NOT NULL,
  expires_at BIGINT NOT NULL
);

CREATE TABLE platform_document (
  path TEXT PRIMARY KEY,
  digest TEXT NOT NULL,
  text TEXT NOT NULL,
  loaded_at BIGINT NOT NULL
);

-- Which keys this database was made with: another folder of keys is refused, as it would break log, trail and certificates.
CREATE TABLE platform_key (
  name TEXT PRIMARY KEY,
  fingerprint TEXT NOT NULL
);
