-- What moderators take away reaches everything that was drawn from it.

-- How far: in the community of the case, everywhere, or being taken back. NULL is nowhere.
ALTER TABLE review_case ADD COLUMN reach TEXT
  CHECK (reach IN ('community', 'everywhere', 'lifting'));
CREATE INDEX case_lifting ON review_case (id) WHERE reach = 'lifting';

-- Pictures that a case withholds: its own, and those drawn from them. `followed` once all that
-- was drawn from this one is here, too.
CREATE TABLE derived (
  case_id INTEGER NOT NULL REFERENCES review_case,
  job_key TEXT NOT NULL REFERENCES job,
  position INTEGER NOT NULL,
  before TEXT, -- the verdict to come back to; NULL for the case's own pictures
  whole INTEGER NOT NULL CHECK (whole IN (0, 1)), -- its job has to do with it, not the file alone
  followed INTEGER NOT NULL DEFAULT 0 CHECK (followed IN (0, 1)),
  PRIMARY KEY (case_id, job_key, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX derived_of_picture ON derived (job_key, position);
CREATE INDEX derived_to_follow ON derived (case_id) WHERE NOT followed;

-- Files that may be no starting image: those pictures as they are, and as starting images.
-- `hashed` once it is known how the file looks as a starting image, and to PDQ.
CREATE TABLE blocked_file (
  case_id INTEGER NOT NULL REFERENCES review_case,
  sha256 TEXT NOT NULL,
  type TEXT NOT NULL,
  followed INTEGER NOT NULL DEFAULT 0 CHECK (followed IN (0, 1)),
  hashed INTEGER NOT NULL CHECK (hashed IN (0, 1)),
  PRIMARY KEY (case_id, sha256)
) STRICT, WITHOUT ROWID;
CREATE INDEX blocked_file_of_sha256 ON blocked_file (sha256);
CREATE INDEX blocked_file_to_follow ON blocked_file (case_id) WHERE NOT followed;
CREATE INDEX blocked_file_to_hash ON blocked_file (case_id) WHERE NOT hashed;

CREATE INDEX job_of_parent ON job (parent, parent_picture) WHERE parent_picture IS NOT NULL;
-- Hashes of starting images, to find what was drawn from a picture that was sent anew.
CREATE INDEX look_at_start ON look (job_key) WHERE position = -1;

-- What a moderation service saw in the picture and its words: its categories, by commas.
ALTER TABLE look ADD COLUMN categories TEXT NOT NULL DEFAULT '';
