-- Of an event that a register made: the keys of the data that went out with it the first time (JSON list). What a grant
-- gives later does not widen what the trail has told already. NULL: everything, or nothing went out yet.
ALTER TABLE events_delivery ADD COLUMN keys TEXT;
