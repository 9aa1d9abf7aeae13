-- Gateway: lines of messages are found by segments of an index that are built after their batches were stored. A row for
-- each line, in an index by message, cost every call more than the log itself.
DROP TABLE gateway_line;

-- The batches stored before `until` (and since the segment before) are in the index.
CREATE TABLE gateway_segment (
  number BIGINT PRIMARY KEY,
  until BIGINT NOT NULL
);

-- Lines of a segment whose places (the first eight bytes of the SHA-256 of a message's number) begin with the ten bits
-- `part`: the next six bytes of each place and the number of its batch (8 bytes), in order.
CREATE TABLE gateway_index (
  part BIGINT NOT NULL,
  segment BIGINT NOT NULL,
  lines BYTES NOT NULL,
  PRIMARY KEY (part, segment)
);
