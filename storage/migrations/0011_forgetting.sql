-- Forgetting: who was erased leaves no words and no name behind, also where rows are never changed.

-- The hash of a row of the audit covers keyed digests of actor and detail. At an erasure the words
-- go with their key, so that no guess can be held against the digest, and the chain still holds.
-- The digests are NULL in rows from before, whose hash covers the words themselves.
ALTER TABLE audit ADD COLUMN actor_key TEXT;
ALTER TABLE audit ADD COLUMN actor_digest TEXT;
ALTER TABLE audit ADD COLUMN detail_key TEXT;
ALTER TABLE audit ADD COLUMN detail_digest TEXT;
CREATE INDEX audit_of_actor ON audit (actor) WHERE actor <> 'limner';
CREATE INDEX audit_of_subject ON audit (subject);
DROP TRIGGER audit_no_update;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
  WHEN NOT (NEW.id IS OLD.id AND NEW.at IS OLD.at AND NEW.action IS OLD.action
    AND NEW.subject IS OLD.subject AND NEW.hash IS OLD.hash
    AND NEW.actor_digest IS OLD.actor_digest AND NEW.detail_digest IS OLD.detail_digest
    AND (NEW.actor IS OLD.actor AND NEW.actor_key IS OLD.actor_key
      OR NEW.actor GLOB '*:erased-[0-9]*' AND NEW.actor_key IS NULL)
    AND (NEW.detail IS OLD.detail AND NEW.detail_key IS OLD.detail_key
      OR NEW.detail = '{}' AND NEW.detail_key IS NULL))
  BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;

-- Nothing of an entry is ever changed but the name of an actor who was erased.
CREATE INDEX entry_of_actor ON entry (actor) WHERE actor <> 'limner';
DROP TRIGGER entry_no_update;
CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry
  WHEN NOT (NEW.id IS OLD.id AND NEW.job_key IS OLD.job_key AND NEW.account_id IS OLD.account_id
    AND NEW.kind IS OLD.kind AND NEW.amount IS OLD.amount AND NEW.ref_id IS OLD.ref_id
    AND NEW.key IS OLD.key AND NEW.at IS OLD.at AND NEW.actor GLOB '*:erased-[0-9]*')
  BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END;

-- Where else moderators and admins are named.
CREATE INDEX block_actor ON block (actor) WHERE actor <> 'limner';
CREATE INDEX block_lifted_by ON block (lifted_by) WHERE lifted_by <> 'limner';
CREATE INDEX strike_actor ON strike (actor) WHERE actor <> 'limner';
CREATE INDEX strike_lifted_by ON strike (lifted_by) WHERE lifted_by <> 'limner';
CREATE INDEX case_claimed_by ON review_case (claimed_by) WHERE claimed_by <> 'limner';
CREATE INDEX case_decided_by ON review_case (decided_by) WHERE decided_by <> 'limner';
CREATE INDEX case_first_decided_by ON review_case (first_decided_by)
  WHERE first_decided_by <> 'limner';

-- What erasures left before.
UPDATE block SET reason = '' WHERE principal_id IN
  (SELECT id FROM principal WHERE kind = 'person' AND person IS NULL);
UPDATE look SET pdq = NULL WHERE job_key IN (SELECT key FROM job WHERE request IS NULL);
DELETE FROM look WHERE job_key IN (SELECT key FROM job WHERE asker = '{}');
UPDATE card SET state = 'withdrawn', address = '{}', due_at = NULL, trouble = NULL
  WHERE surface = 'webhook' AND job_key IN (SELECT key FROM job WHERE request IS NULL);
