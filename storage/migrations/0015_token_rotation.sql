-- Tokens that expire, and the organization that a workspace belongs to.

ALTER TABLE installation ADD COLUMN sealed_refresh BLOB; -- NULL: the token doesn't expire
ALTER TABLE installation ADD COLUMN expires_at INTEGER;
ALTER TABLE installation ADD COLUMN enterprise TEXT NOT NULL DEFAULT '';
