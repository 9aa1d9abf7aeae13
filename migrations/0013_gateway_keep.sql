-- Gateway: what evidence needs beside the log: public keys with their times, messages kept whole, archives, time-stamps.

-- Public keys that gateways sign or signed with, our own too, so that old evidence stays readable. Times in seconds since
-- 1970, as messages have them. `valid_to`: none while the key is in use.
CREATE TABLE gateway_key (
  server TEXT NOT NULL,
  key_id TEXT NOT NULL,
  public_key BYTES NOT NULL,
  valid_from BIGINT,
  valid_to BIGINT,
  PRIMARY KEY (server, key_id)
);

-- Messages that policy keeps whole, sealed (crates/gateway/src/keep.rs). `place`: of the line in its batch, from 0.
CREATE TABLE gateway_body (
  batch BIGINT NOT NULL,
  place BIGINT NOT NULL,
  until BIGINT NOT NULL,
  key_id TEXT NOT NULL,
  sealed BYTES NOT NULL,
  PRIMARY KEY (batch, place)
);
CREATE INDEX gateway_body_until ON gateway_body (until);

-- Segments of the archive, numbered from 1 without a gap. `begins` and `ends`: bytes in the file; `digest`: SHA-256.
CREATE TABLE gateway_archive (
  number BIGINT PRIMARY KEY,
  file TEXT NOT NULL,
  begins BIGINT NOT NULL,
  ends BIGINT NOT NULL,
  digest BYTES NOT NULL,
  batches BIGINT NOT NULL,
  at BIGINT NOT NULL
);

-- Time-stamps (RFC 3161) over the roots of many batches; `leaves`: those roots as leaves of a tree, 32 bytes each.
CREATE TABLE gateway_stamp (
  number BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,
  root BYTES NOT NULL,
  token BYTES NOT NULL,
  leaves BYTES NOT NULL
);

-- Which stamp covers a batch, and its place among the leaves.
CREATE TABLE gateway_stamped (
  batch BIGINT PRIMARY KEY,
  stamp BIGINT NOT NULL,
  place BIGINT NOT NULL
);
CREATE INDEX gateway_stamped_stamp ON gateway_stamped (stamp);
