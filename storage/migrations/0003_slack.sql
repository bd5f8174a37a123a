-- What a bot needs that many workspaces install by themselves.

-- The token is encrypted with a key that is not in this file.
CREATE TABLE installation (
  platform TEXT NOT NULL,
  community TEXT NOT NULL,
  name TEXT NOT NULL,
  sealed_token BLOB NOT NULL,
  bot_user TEXT NOT NULL,
  bot TEXT NOT NULL,
  scopes TEXT NOT NULL, -- JSON: a list
  at INTEGER NOT NULL,
  PRIMARY KEY (platform, community)
) STRICT, WITHOUT ROWID;

-- What may be used once, until it expires: the sha256 of each sign that a browser carries around.
CREATE TABLE once_ticket (
  digest TEXT PRIMARY KEY,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX once_ticket_expiry ON once_ticket (expires_at);

-- What a platform delivered; it may do so again.
CREATE TABLE delivered (
  topic TEXT PRIMARY KEY,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX delivered_age ON delivered (at);
