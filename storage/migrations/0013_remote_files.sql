-- Files that the bot put on a chat platform; each is noted before it is sent.

CREATE TABLE remote_file (
  platform TEXT NOT NULL,
  community TEXT NOT NULL,
  file TEXT NOT NULL, -- the platform's id of it
  holder TEXT NOT NULL, -- what shows it: a card, a form, somebody's private messages
  seen_by TEXT NOT NULL CHECK (seen_by IN ('everyone', 'one', 'moderator')),
  job_key TEXT REFERENCES job,
  positions TEXT NOT NULL DEFAULT '[]', -- JSON, of its pictures; none are all of the job's
  principal_id INTEGER REFERENCES principal, -- whose export it is
  at INTEGER NOT NULL,
  due_at INTEGER, -- when it is to be deleted; NULL is once its picture goes
  tries INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (platform, community, file)
) STRICT, WITHOUT ROWID;
CREATE INDEX remote_file_of_picture ON remote_file (job_key) WHERE job_key IS NOT NULL;
CREATE INDEX remote_file_of_holder ON remote_file (platform, community, holder);
CREATE INDEX remote_file_of_person ON remote_file (principal_id) WHERE principal_id IS NOT NULL;
CREATE INDEX remote_file_due ON remote_file (platform, due_at) WHERE due_at IS NOT NULL;

-- A file goes with its picture, whoever has that taken away, and however.
CREATE TRIGGER remote_file_goes AFTER UPDATE OF sha256, verdict ON picture
  WHEN NEW.sha256 IS NULL OR NEW.verdict <> 'show'
  BEGIN
    UPDATE remote_file SET due_at = 0, tries = 0
      WHERE job_key = NEW.job_key AND (positions = '[]'
          OR EXISTS (SELECT 1 FROM json_each(positions) WHERE value = NEW.position))
        AND (NEW.sha256 IS NULL OR NEW.verdict = 'removed' OR seen_by = 'everyone'
          OR seen_by = 'one' AND NEW.verdict IN ('review', 'block'));
    UPDATE remote_file SET due_at = 0, tries = 0
      WHERE OLD.sha256 IS NOT NULL AND OLD.verdict IN ('show', 'spoiler', 'review')
        AND (NEW.sha256 IS NULL OR NEW.verdict IN ('block', 'removed'))
        AND principal_id = (SELECT person_id FROM job WHERE key = NEW.job_key);
  END;

-- What was put there before: what only some were shown, and the pictures of cards.
INSERT INTO remote_file
    (platform, community, file, holder, seen_by, job_key, at, due_at)
  SELECT 'slack', lent.value ->> 0, lent.value ->> 2, lent.value ->> 1,
    iif(lent.value ->> 1 LIKE 'view:%', 'moderator', 'one'),
    (SELECT key FROM job WHERE 'job:' || key = lent.value ->> 1),
    0, unixepoch(lent.value ->> 3) * 1000000
  FROM note, json_each(note.value) AS lent WHERE note.name = 'slack_lent'
  ON CONFLICT DO NOTHING;
DELETE FROM note WHERE name = 'slack_lent';
INSERT INTO remote_file
    (platform, community, file, holder, seen_by, job_key, positions, at, due_at)
  SELECT 'slack', address ->> 'team', shown.value, 'card:' || job_key || ':' || (address ->> 'channel'),
    'everyone', job_key, '[' || (CAST(shown.key AS INTEGER) - 1) || ']', 0, iif(state = 'withdrawing', 0, NULL)
  FROM card, json_each(address, '$.files') AS shown
  WHERE surface = 'slack' AND address ->> 'team' IS NOT NULL
  ON CONFLICT DO NOTHING;
INSERT INTO remote_file
    (platform, community, file, holder, seen_by, job_key, positions, at, due_at)
  SELECT 'slack', address ->> 'team', shown.value, 'thread:' || job_key || ':' || (address ->> 'channel'),
    'everyone', job_key, '[' || (CAST(shown.key AS INTEGER) - 1) || ']', 0, iif(state = 'withdrawing', 0, NULL)
  FROM card, json_each(address, '$.shared') AS shown
  WHERE surface = 'slack' AND address ->> 'team' IS NOT NULL
  ON CONFLICT DO NOTHING;
