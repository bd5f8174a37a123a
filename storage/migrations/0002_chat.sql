-- What chat platforms add: named sets of options, favourites, reports, notices that are sent once.

CREATE TABLE preset (
  principal_id INTEGER NOT NULL REFERENCES principal,
  name TEXT NOT NULL,
  options TEXT NOT NULL, -- JSON: option name → value
  PRIMARY KEY (principal_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE favourite (
  principal_id INTEGER NOT NULL REFERENCES principal,
  job_key TEXT NOT NULL REFERENCES job,
  at INTEGER NOT NULL,
  PRIMARY KEY (principal_id, job_key)
) STRICT, WITHOUT ROWID;

-- One report of one person about one job; moderators close it.
CREATE TABLE report (
  id INTEGER PRIMARY KEY,
  job_key TEXT NOT NULL REFERENCES job,
  principal_id INTEGER NOT NULL REFERENCES principal,
  reason TEXT NOT NULL,
  at INTEGER NOT NULL,
  closed_at INTEGER,
  UNIQUE (job_key, principal_id)
) STRICT;
CREATE INDEX report_open ON report (at) WHERE closed_at IS NULL;

-- What was said once and is not said again.
CREATE TABLE told (
  topic TEXT PRIMARY KEY,
  at INTEGER NOT NULL
) STRICT;

-- Tokens in addresses of cards are wiped when they expire.
CREATE INDEX card_token ON card (address ->> 'token_expires_at')
  WHERE address ->> 'token_expires_at' IS NOT NULL;
