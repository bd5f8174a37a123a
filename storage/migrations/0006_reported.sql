-- What the backend said that its call costs, written before anything is done with its pictures:
-- whatever becomes of them, this is the bill. NULL while it said nothing.
ALTER TABLE job ADD COLUMN reported INTEGER CHECK (reported >= 0);
