-- A card may be in a thread: a message there is found among its replies, not in the history.

ALTER TABLE opening ADD COLUMN thread TEXT NOT NULL DEFAULT '';
