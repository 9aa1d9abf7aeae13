-- Gateway: the message log of signed calls, in batches as they were signed.
-- `entries`: all entries of a batch (see docs/protocols/exchange.md); `root` and `signature` cover them together.
CREATE TABLE gateway_batch (
  id TEXT PRIMARY KEY,
  at BIGINT NOT NULL,
  size BIGINT NOT NULL,
  root BYTES NOT NULL,
  key_id TEXT NOT NULL,
  signature BYTES NOT NULL,
  entries BYTES NOT NULL
);
CREATE INDEX gateway_batch_at ON gateway_batch (at, id);

-- Where the entries of a call lie, by the number of the call or message; filled a moment after the batch.
CREATE TABLE gateway_call (
  call TEXT NOT NULL,
  batch TEXT NOT NULL,
  position BIGINT NOT NULL,
  PRIMARY KEY (call, batch, position)
);
