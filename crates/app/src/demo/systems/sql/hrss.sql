-- The social insurance bureau's own table, with the names of its own standard.
CREATE TABLE ac02 (
  aac147 TEXT PRIMARY KEY,
  aac031 TEXT NOT NULL,
  aae140 TEXT NOT NULL,
  aab998 TEXT,
  aab069 TEXT,
  aae030 INTEGER,
  aae201 INTEGER NOT NULL,
  aae041 INTEGER,
  aae036 TEXT NOT NULL
) WITHOUT ROWID;
