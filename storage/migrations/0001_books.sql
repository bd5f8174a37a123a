-- Money, jobs, cards, people and what the owner decided.
-- Amounts are integers of micro-dollars; times are microseconds since 1970, UTC.

-- Who can have a budget. `person` is NULL once a person was erased; the keyed hash stays until
-- the last window that they used has ended, so that erasing gives no fresh budget.
CREATE TABLE principal (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('person', 'community', 'operator', 'house')),
  platform TEXT NOT NULL,
  community TEXT NOT NULL,
  person TEXT,
  erased_hash TEXT,
  UNIQUE (kind, platform, community, person)
) STRICT;
CREATE UNIQUE INDEX principal_erased ON principal (erased_hash) WHERE erased_hash IS NOT NULL;

-- One account is one instance of a window: "day:2026-11-22@Europe/Berlin", "life".
-- `granted` is what admins added by hand; credits = the limit in force + granted.
CREATE TABLE account (
  id INTEGER PRIMARY KEY,
  principal_id INTEGER NOT NULL REFERENCES principal,
  period TEXT NOT NULL,
  starts_at INTEGER,
  ends_at INTEGER,
  gated INTEGER NOT NULL CHECK (gated IN (0, 1)),
  credits INTEGER NOT NULL DEFAULT 0 CHECK (credits >= 0),
  granted INTEGER NOT NULL DEFAULT 0 CHECK (granted >= 0),
  held INTEGER NOT NULL DEFAULT 0 CHECK (held >= 0),
  posted INTEGER NOT NULL DEFAULT 0 CHECK (posted >= 0),
  UNIQUE (principal_id, period),
  CHECK (NOT gated OR posted + held <= credits)
) STRICT;

CREATE TABLE job (
  key TEXT PRIMARY KEY,
  public_id TEXT NOT NULL UNIQUE,
  person_id INTEGER NOT NULL REFERENCES principal,
  channel TEXT NOT NULL,
  asker TEXT NOT NULL, -- JSON: what else is known of the asker; {} after erasure
  fingerprint TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN
    ('reserved', 'submitted', 'produced', 'failed', 'cancelled', 'lost', 'refunded')),
  revision INTEGER NOT NULL DEFAULT 1,
  request TEXT, -- JSON; NULL after erasure or retention
  asked_model TEXT NOT NULL,
  image_sha256 TEXT REFERENCES blob,
  private INTEGER NOT NULL CHECK (private IN (0, 1)),
  action TEXT NOT NULL,
  parent TEXT,
  parent_picture INTEGER,
  quote INTEGER NOT NULL CHECK (quote >= 0),
  bill INTEGER CHECK (bill >= 0), -- what the backend charged; NULL while unknown
  seed INTEGER NOT NULL,
  drawn_by TEXT,
  backend TEXT NOT NULL DEFAULT '',
  address TEXT NOT NULL DEFAULT '',
  repeatable INTEGER NOT NULL DEFAULT 0 CHECK (repeatable IN (0, 1)),
  request_id TEXT, -- the backend's own name for the call
  failure TEXT, -- JSON of the error
  acked_at INTEGER,
  created_at INTEGER NOT NULL,
  submitted_at INTEGER,
  closed_at INTEGER,
  deadline_at INTEGER NOT NULL
) STRICT;
CREATE INDEX job_open ON job (deadline_at) WHERE state IN ('reserved', 'submitted');
CREATE INDEX job_open_of_person ON job (person_id) WHERE state IN ('reserved', 'submitted');
CREATE INDEX job_of_person ON job (person_id, created_at);
CREATE INDEX job_created ON job (created_at) WHERE request IS NOT NULL;
CREATE INDEX job_of_image ON job (image_sha256) WHERE image_sha256 IS NOT NULL;

-- A correction is a new entry; nothing is ever changed.
CREATE TABLE entry (
  id INTEGER PRIMARY KEY,
  job_key TEXT REFERENCES job,
  account_id INTEGER NOT NULL REFERENCES account,
  kind TEXT NOT NULL CHECK (kind IN ('grant', 'hold', 'post', 'void', 'refund', 'adjust')),
  amount INTEGER NOT NULL,
  ref_id INTEGER REFERENCES entry,
  key TEXT NOT NULL UNIQUE,
  actor TEXT NOT NULL,
  at INTEGER NOT NULL,
  CHECK (amount >= 0 OR kind = 'adjust')
) STRICT;
-- A hold is resolved at most once.
CREATE UNIQUE INDEX entry_resolves_once ON entry (ref_id) WHERE kind IN ('post', 'void') AND ref_id IS NOT NULL;
CREATE INDEX entry_of_account ON entry (account_id, at);
CREATE INDEX entry_of_job ON entry (job_key);
CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END;
CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END;

-- Files in the picture store. The file is written before the row, and removed before it.
CREATE TABLE blob (
  sha256 TEXT PRIMARY KEY,
  type TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  refs INTEGER NOT NULL CHECK (refs >= 0),
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX blob_unused ON blob (sha256) WHERE refs = 0;

-- `sha256` is NULL once the picture was deleted.
CREATE TABLE picture (
  job_key TEXT NOT NULL REFERENCES job,
  position INTEGER NOT NULL,
  sha256 TEXT REFERENCES blob,
  type TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  width_px INTEGER NOT NULL,
  height_px INTEGER NOT NULL,
  flagged INTEGER CHECK (flagged IN (0, 1)),
  verdict TEXT CHECK (verdict IN ('show', 'spoiler', 'review', 'block', 'removed')),
  PRIMARY KEY (job_key, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX picture_unjudged ON picture (job_key) WHERE verdict IS NULL;
CREATE INDEX picture_of_file ON picture (sha256) WHERE sha256 IS NOT NULL;

-- The outbox of revisions: a card is due while it is behind its job.
CREATE TABLE card (
  id INTEGER PRIMARY KEY,
  job_key TEXT NOT NULL REFERENCES job,
  surface TEXT NOT NULL,
  address TEXT NOT NULL, -- JSON, the surface's own
  state TEXT NOT NULL CHECK (state IN ('live', 'withdrawing', 'withdrawn', 'dead')),
  shown_revision INTEGER NOT NULL DEFAULT 0,
  due_at INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0,
  trouble TEXT
) STRICT;
CREATE INDEX card_of_job ON card (job_key);
CREATE INDEX card_due ON card (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE person (
  principal_id INTEGER PRIMARY KEY REFERENCES principal,
  defaults TEXT NOT NULL -- JSON: option name → value
) STRICT;

CREATE TABLE community (
  principal_id INTEGER PRIMARY KEY REFERENCES principal,
  settings TEXT NOT NULL -- JSON of CommunitySettings
) STRICT;

-- `principal_id` is a person or a community. Lifting writes; nothing is deleted.
CREATE TABLE block (
  id INTEGER PRIMARY KEY,
  principal_id INTEGER NOT NULL REFERENCES principal,
  reason TEXT NOT NULL,
  actor TEXT NOT NULL,
  at INTEGER NOT NULL,
  until INTEGER,
  lifted_at INTEGER,
  lifted_by TEXT
) STRICT;
CREATE INDEX block_of ON block (principal_id) WHERE lifted_at IS NULL;

CREATE TABLE model (
  name TEXT PRIMARY KEY,
  record TEXT NOT NULL,
  fetched_at INTEGER NOT NULL
) STRICT;

-- What the owner decided at run time: paused, accepted replacements, the hash of the web token.
CREATE TABLE note (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

-- Each row's hash covers the row before it.
CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE
) STRICT;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
