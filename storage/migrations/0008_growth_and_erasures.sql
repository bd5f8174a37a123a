-- What keeps forgetting and checking quick however many rows there are.

-- When reasons, reports and notices of a case were deleted; a frozen one is closed before.
ALTER TABLE review_case ADD COLUMN forgotten_at INTEGER;
CREATE INDEX case_kept ON review_case (opened_at) WHERE forgotten_at IS NULL;

CREATE INDEX picture_withheld ON picture (job_key) WHERE verdict = 'block' AND sha256 IS NOT NULL;
CREATE INDEX refused_prompt_kept ON refused_prompt (at) WHERE prompt IS NOT NULL;
CREATE INDEX report_of_case ON report (case_id);
CREATE INDEX report_of_person ON report (principal_id);
CREATE INDEX strike_and_case ON strike (case_id);
CREATE INDEX notice_of_person ON notice (principal_id);

-- The check of the ledger reads these three, once each and in order, instead of the tables.
DROP INDEX entry_of_account;
CREATE INDEX entry_of_account ON entry (account_id, kind, amount);
DROP INDEX entry_of_job;
CREATE INDEX entry_of_job ON entry (job_key, kind, account_id, amount, ref_id);
CREATE INDEX job_books ON job (key, state, quote, bill, reported)
  WHERE key IS NOT NULL; -- always; but so that no other query takes it for a short way

-- Everybody who was erased, as keyed hashes; a file beside the database has the same, and each start
-- compares them: so an older database that was restored is told of later erasures.
CREATE TABLE erased (
  key TEXT NOT NULL,
  hash TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (key, hash, at)
) STRICT, WITHOUT ROWID;
INSERT INTO erased SELECT note.value, erased_hash, 0 FROM principal, note
  WHERE erased_hash IS NOT NULL AND note.name = 'erasure_key';
