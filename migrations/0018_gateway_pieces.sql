-- Gateway: large bodies that policy keeps, in sealed pieces (crates/gateway/src/keep/pieces.rs). `body`: drawn at random, named
-- by the sealed message; `place`: from 0.
CREATE TABLE gateway_piece (
  body BIGINT NOT NULL,
  place BIGINT NOT NULL,
  until BIGINT NOT NULL,
  sealed BYTES NOT NULL,
  PRIMARY KEY (body, place)
);
CREATE INDEX gateway_piece_until ON gateway_piece (until);

-- Segments of the archive as people look at them. `first_at`, `last_at`: when its batches were stored; none of those of
-- before. `checked_at`: when its bytes were last compared with the digest; `state`: what that showed (whole, altered,
-- missing), empty before.
ALTER TABLE gateway_archive ADD COLUMN first_at BIGINT;
ALTER TABLE gateway_archive ADD COLUMN last_at BIGINT;
ALTER TABLE gateway_archive ADD COLUMN checked_at BIGINT;
ALTER TABLE gateway_archive ADD COLUMN state TEXT NOT NULL DEFAULT '';
