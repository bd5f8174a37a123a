-- Moderation: who looked at what, cases, strikes, hashes of removed pictures, notices.

-- What the service or the classifier saw; position -1 is the starting image.
CREATE TABLE look (
  job_key TEXT NOT NULL REFERENCES job,
  position INTEGER NOT NULL,
  source TEXT NOT NULL, -- '' when nobody looked
  score REAL,
  model TEXT NOT NULL,
  version TEXT NOT NULL,
  threshold REAL,
  pdq BLOB, -- eight hashes of 32 bytes, one for each way to turn and mirror the picture
  at INTEGER NOT NULL,
  PRIMARY KEY (job_key, position)
) STRICT, WITHOUT ROWID;

-- Something for moderators to decide. `round` 2 is the second look, another moderator's.
CREATE TABLE review_case (
  id INTEGER PRIMARY KEY,
  public_id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('pictures', 'report', 'words')),
  community_id INTEGER NOT NULL REFERENCES principal,
  subject_id INTEGER NOT NULL REFERENCES principal, -- whose doing it is about
  job_key TEXT REFERENCES job,
  state TEXT NOT NULL CHECK (state IN ('open', 'decided', 'expired', 'frozen', 'closed')),
  round INTEGER NOT NULL DEFAULT 1,
  opened_at INTEGER NOT NULL,
  claimed_by TEXT,
  claimed_until INTEGER,
  decision TEXT CHECK (decision IN ('approve', 'blur', 'remove', 'strike', 'escalate')),
  decided_by TEXT,
  decided_at INTEGER,
  reason TEXT NOT NULL DEFAULT '',
  effect_at INTEGER, -- when what was decided takes effect; NULL once it has
  first_decision TEXT, -- what the second look is about
  first_decided_by TEXT,
  announced_at INTEGER,
  closed_at INTEGER
) STRICT;
CREATE UNIQUE INDEX case_open_of_job ON review_case (job_key) WHERE state IN ('open', 'frozen');
CREATE INDEX case_queue ON review_case (state, opened_at);
CREATE INDEX case_of_job ON review_case (job_key);
CREATE INDEX case_of_subject ON review_case (subject_id, opened_at);
CREATE INDEX case_effect ON review_case (effect_at) WHERE effect_at IS NOT NULL;

-- How the pictures of a case stood before it hid them.
CREATE TABLE case_picture (
  case_id INTEGER NOT NULL REFERENCES review_case,
  position INTEGER NOT NULL,
  before TEXT NOT NULL,
  PRIMARY KEY (case_id, position)
) STRICT, WITHOUT ROWID;

ALTER TABLE report ADD COLUMN category TEXT NOT NULL DEFAULT 'other';
ALTER TABLE report ADD COLUMN case_id INTEGER REFERENCES review_case;
ALTER TABLE report ADD COLUMN counts INTEGER NOT NULL DEFAULT 1 CHECK (counts IN (0, 1));
ALTER TABLE report ADD COLUMN upheld INTEGER CHECK (upheld IN (0, 1));

-- Sanctions expire or are lifted. A lock is the owner's alone to lift.
ALTER TABLE block ADD COLUMN case_id INTEGER REFERENCES review_case;
ALTER TABLE block ADD COLUMN locked INTEGER NOT NULL DEFAULT 0 CHECK (locked IN (0, 1));

CREATE TABLE strike (
  id INTEGER PRIMARY KEY,
  principal_id INTEGER NOT NULL REFERENCES principal,
  case_id INTEGER REFERENCES review_case,
  block_id INTEGER REFERENCES block, -- the sanction that it brought
  reason TEXT NOT NULL,
  actor TEXT NOT NULL,
  at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  lifted_at INTEGER,
  lifted_by TEXT
) STRICT;
CREATE INDEX strike_of ON strike (principal_id);
CREATE UNIQUE INDEX strike_of_case ON strike (case_id) WHERE lifted_at IS NULL;

-- Prompts that the hard tier refused. Nobody but the owner reads them, and not for long.
CREATE TABLE refused_prompt (
  id INTEGER PRIMARY KEY,
  principal_id INTEGER NOT NULL REFERENCES principal,
  case_id INTEGER REFERENCES review_case,
  prompt TEXT, -- NULL once it was forgotten
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX refused_prompt_of ON refused_prompt (principal_id, at);

-- Hashes of removed pictures; the pictures themselves are gone. NULL is every community.
CREATE TABLE blocked_hash (
  id INTEGER PRIMARY KEY,
  community_id INTEGER REFERENCES principal,
  case_id INTEGER REFERENCES review_case,
  pdq BLOB NOT NULL,
  source TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX blocked_hash_of_case ON blocked_hash (case_id);

-- What people are told, each once: the outbox of words. `place` is a surface, or 'owner'.
CREATE TABLE notice (
  id INTEGER PRIMARY KEY,
  topic TEXT NOT NULL UNIQUE,
  place TEXT NOT NULL,
  principal_id INTEGER REFERENCES principal,
  code TEXT NOT NULL,
  detail TEXT NOT NULL, -- JSON
  due_at INTEGER, -- NULL once it was said, or given up
  attempts INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX notice_due ON notice (due_at) WHERE due_at IS NOT NULL;

-- Files of frozen cases, in a folder of their own.
CREATE TABLE evidence (
  case_id INTEGER NOT NULL REFERENCES review_case,
  position INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  type TEXT NOT NULL,
  secured_at INTEGER,
  dropped_at INTEGER,
  PRIMARY KEY (case_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX evidence_due ON evidence (case_id) WHERE secured_at IS NULL;

-- A frozen job is kept, whatever else is forgotten, and shown to nobody.
ALTER TABLE job ADD COLUMN frozen INTEGER NOT NULL DEFAULT 0 CHECK (frozen IN (0, 1));

-- Erasures that wait for the end of a case.
CREATE TABLE erasure (
  principal_id INTEGER PRIMARY KEY REFERENCES principal,
  at INTEGER NOT NULL
) STRICT;

-- The beginning of the audit may be forgotten; what is left still proves itself from here.
CREATE TABLE audit_anchor (
  through_id INTEGER PRIMARY KEY,
  hash TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
DROP TRIGGER audit_no_delete;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
  WHEN OLD.id > coalesce((SELECT max(through_id) FROM audit_anchor), 0)
  BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
