-- Events: types, the outbox, subscriptions, deliveries. `document`: the type as its document or the API gave it (JSON).
-- `room` and `name` are how GovStack's pub/sub names a type; of documents they are the publisher and the key.
CREATE TABLE events_type (
  key TEXT PRIMARY KEY,
  room TEXT NOT NULL,
  name TEXT NOT NULL,
  document TEXT NOT NULL,
  at BIGINT NOT NULL,
  UNIQUE (room, name)
);

-- What order holds within: a subject. `last`: the last number given; `last_at`: an instant that only grows.
CREATE TABLE events_stream (
  stream TEXT PRIMARY KEY,
  last BIGINT NOT NULL,
  last_at BIGINT NOT NULL
);

-- The outbox: written in the transaction that made the event true. `body`: CloudEvents 1.0 JSON, sent byte by byte.
-- `number`: whom it is about, for the trail; empty: nobody.
CREATE TABLE events_event (
  id TEXT PRIMARY KEY,
  type TEXT NOT NULL,
  publisher TEXT NOT NULL,
  number TEXT NOT NULL,
  stream TEXT NOT NULL,
  seq BIGINT NOT NULL,
  at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  body TEXT NOT NULL,
  UNIQUE (stream, seq)
);

-- `way`: push or pull. `key_no`: how many keys were made; the secret of push is derived from it, of the token of pull
-- only the digest is kept. `position`: the last place given to a delivery that is pulled.
CREATE TABLE events_subscription (
  id TEXT PRIMARY KEY,
  type TEXT NOT NULL,
  publisher TEXT NOT NULL,
  consumer TEXT NOT NULL,
  purpose TEXT NOT NULL,
  basis TEXT NOT NULL,
  way TEXT NOT NULL,
  address TEXT NOT NULL,
  state TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  asked_by TEXT NOT NULL,
  asked_name TEXT NOT NULL,
  decided_at BIGINT,
  decided_name TEXT,
  words TEXT NOT NULL,
  key_no BIGINT NOT NULL,
  token TEXT,
  position BIGINT NOT NULL
);
CREATE UNIQUE INDEX events_subscription_token ON events_subscription (token);
CREATE INDEX events_subscription_type ON events_subscription (type, state);
CREATE INDEX events_subscription_consumer ON events_subscription (consumer, id);
CREATE INDEX events_subscription_publisher ON events_subscription (publisher, id);

-- One event on its way to one subscriber. `state`: 0 waits, 1 being sent, 2 delivered, 3 dead.
CREATE TABLE events_delivery (
  id TEXT PRIMARY KEY,
  subscription TEXT NOT NULL,
  event TEXT NOT NULL,
  stream TEXT NOT NULL,
  seq BIGINT NOT NULL,
  queued_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  state BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  claimed_until BIGINT,
  position BIGINT,
  error TEXT NOT NULL,
  done_at BIGINT,
  UNIQUE (subscription, event),
  UNIQUE (subscription, position)
);
CREATE INDEX events_delivery_open ON events_delivery (subscription, stream, seq) WHERE state < 2;
CREATE INDEX events_delivery_due ON events_delivery (subscription, next_at) WHERE state < 2;
CREATE INDEX events_delivery_dead ON events_delivery (subscription, id) WHERE state = 3;
CREATE INDEX events_delivery_event ON events_delivery (event);
CREATE INDEX events_delivery_over ON events_delivery (expires_at) WHERE state >= 2;
CREATE INDEX events_event_over ON events_event (expires_at);

-- The digest of the token with which an organisation's own systems publish.
CREATE TABLE events_publisher (
  office TEXT PRIMARY KEY,
  token TEXT NOT NULL UNIQUE,
  at BIGINT NOT NULL,
  by_name TEXT NOT NULL
);
