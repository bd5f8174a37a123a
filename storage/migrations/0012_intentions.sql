-- What was asked for is given back where the bot dies before its job exists. On Discord the card is
-- the reply of an interaction: `address` says where it is, `words` what its asker wrote. Both go with
-- the row, which lives until the job is there, or until the asker was told.
ALTER TABLE opening ADD COLUMN person TEXT NOT NULL DEFAULT '';
ALTER TABLE opening ADD COLUMN address TEXT NOT NULL DEFAULT '{}'; -- JSON
ALTER TABLE opening ADD COLUMN words TEXT NOT NULL DEFAULT '';

-- Whether the starting image was an animation, of which a job takes the first frame.
ALTER TABLE job ADD COLUMN first_frame INTEGER NOT NULL DEFAULT 0;
