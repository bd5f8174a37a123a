-- Cards that are posted before their job exists: written down first, forgotten with the hold.

CREATE TABLE opening (
  key TEXT PRIMARY KEY, -- of the job that is to be
  platform TEXT NOT NULL,
  community TEXT NOT NULL,
  channel TEXT NOT NULL,
  at INTEGER NOT NULL,
  due_at INTEGER NOT NULL, -- when to look whether a card stands there that is no job's
  tries INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX opening_due ON opening (platform, due_at);
