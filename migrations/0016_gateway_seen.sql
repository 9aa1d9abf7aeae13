-- Requests of other gateways that were taken in the last minutes, so that no two processes on one database take the same.
-- `request`: the first eight bytes of the SHA-256 of its number; `taker`: drawn at random for each transaction.
CREATE TABLE gateway_seen (
  request BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,
  taker BIGINT NOT NULL
);
CREATE INDEX gateway_seen_at ON gateway_seen (at);
