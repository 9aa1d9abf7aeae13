-- What the real-estate registry's service answers from.
CREATE TABLE bdc_title (
  zjhm TEXT PRIMARY KEY,
  bdcqzh TEXT NOT NULL,
  zl TEXT NOT NULL,
  jzmj REAL NOT NULL,
  gyfe INTEGER NOT NULL,
  gxsj INTEGER NOT NULL
) WITHOUT ROWID;
