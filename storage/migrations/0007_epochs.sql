-- Each start takes the next epoch, and every row of a job says which start carries it: a process
-- that is thought dead and isn't can't write over its successor.
CREATE TABLE epoch (number INTEGER NOT NULL) STRICT; -- one row: of the last start
INSERT INTO epoch VALUES (0);

-- Who carries the job: whoever wrote `reserved` or `submitted`, or took it over since.
ALTER TABLE job ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0;
-- Who made the call that `bill` and `reported` speak of; NULL before there is one.
ALTER TABLE job ADD COLUMN called_in INTEGER;
-- What calls of earlier epochs cost, which were drawn again meanwhile: the house paid it.
ALTER TABLE job ADD COLUMN stray INTEGER NOT NULL DEFAULT 0 CHECK (stray >= 0);
-- Verdicts that could not be given: how often, and when it is tried again.
ALTER TABLE job ADD COLUMN judge_failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE job ADD COLUMN judge_at INTEGER;

-- Recovery goes through open jobs, the oldest first; deadlines are read from their rows.
DROP INDEX job_open;
CREATE INDEX job_open ON job (created_at, key) WHERE state IN ('reserved', 'submitted');

-- What the check of the ledger looks for among all jobs.
CREATE INDEX job_stray ON job (key) WHERE stray > 0;
CREATE INDEX job_paid_failed ON job (key)
  WHERE state = 'failed' AND submitted_at IS NOT NULL AND NOT repeatable;
