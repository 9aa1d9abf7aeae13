-- Gateway: microseconds from a request's arrival until it was sent on, added up. Rows of before have 0.
ALTER TABLE gateway_traffic ADD COLUMN before_time BIGINT NOT NULL DEFAULT 0;
