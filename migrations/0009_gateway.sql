-- Gateway: the message log of signed calls, in batches as they were signed. Numbers of batches are drawn at random.
-- `entries`: all entries of a batch (see docs/protocols/exchange.md); `root` and `signature` cover them together.
CREATE TABLE gateway_batch (
  number BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,
  root BYTES NOT NULL,
  key_id TEXT NOT NULL,
  signature BYTES NOT NULL,
  entries BYTES NOT NULL
);
CREATE INDEX gateway_batch_at ON gateway_batch (at);

-- Which batches hold lines of a message. `message`: the first eight bytes of the SHA-256 of its number.
CREATE TABLE gateway_line (
  message BIGINT NOT NULL,
  batch BIGINT NOT NULL
);
CREATE INDEX gateway_line_message ON gateway_line (message);

-- The last good federation document of each instance, as it was signed.
CREATE TABLE gateway_federation (
  instance TEXT PRIMARY KEY,
  version BIGINT NOT NULL,
  document TEXT NOT NULL,
  fetched_at BIGINT NOT NULL
);
