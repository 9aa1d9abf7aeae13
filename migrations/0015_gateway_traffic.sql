-- Gateway: how many calls in each range of time, one column each, so that a database adds them up in one statement whoever
-- else counts. `ranges` keeps what was counted before and is empty in rows that are younger.
ALTER TABLE gateway_traffic ADD COLUMN range_1 BIGINT NOT NULL DEFAULT 0;
ALTER TABLE gateway_traffic ADD COLUMN range_2 BIGINT NOT NULL DEFAULT 0;
ALTER TABLE gateway_traffic ADD COLUMN range_3 BIGINT NOT NULL DEFAULT 0;
ALTER TABLE gateway_traffic ADD COLUMN range_4 BIGINT NOT NULL DEFAULT 0;
ALTER TABLE gateway_traffic ADD COLUMN range_5 BIGINT NOT NULL DEFAULT 0;
ALTER TABLE gateway_traffic ADD COLUMN range_6 BIGINT NOT NULL DEFAULT 0;
ALTER TABLE gateway_traffic ADD COLUMN range_7 BIGINT NOT NULL DEFAULT 0;
ALTER TABLE gateway_traffic ADD COLUMN range_8 BIGINT NOT NULL DEFAULT 0;
