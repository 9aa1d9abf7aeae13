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

-- Calls by hour (its first instant), side, client, service and outcome. Times in microseconds; `ranges`: how many calls in
-- each range of time.
CREATE TABLE gateway_traffic (
  hour BIGINT NOT NULL,
  side TEXT NOT NULL,
  client TEXT NOT NULL,
  service TEXT NOT NULL,
  outcome TEXT NOT NULL,
  calls BIGINT NOT NULL,
  total BIGINT NOT NULL,
  inner_time BIGINT NOT NULL,
  longest BIGINT NOT NULL,
  request_bytes BIGINT NOT NULL,
  answer_bytes BIGINT NOT NULL,
  ranges TEXT NOT NULL,
  PRIMARY KEY (hour, side, client, service, outcome)
);
