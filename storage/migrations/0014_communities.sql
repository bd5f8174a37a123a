-- Servers and workspaces: which may use the bot, which took it off, and whose members draw in
-- private; and results that could not be handed over.

-- Decided at run time: let in by a code or by the owner, or shut out by the owner.
CREATE TABLE admittance (
  platform TEXT NOT NULL,
  community TEXT NOT NULL,
  how TEXT NOT NULL CHECK (how IN ('code', 'owner', 'shut')),
  PRIMARY KEY (platform, community)
) STRICT, WITHOUT ROWID;
INSERT INTO admittance
  SELECT substr(value, 1, instr(value, ':') - 1), substr(value, instr(value, ':') + 1), 'code'
  FROM json_each((SELECT value FROM note WHERE name = 'claimed'));
DELETE FROM note WHERE name = 'claimed';

-- Those that the bot is in no more. What is known of them is forgotten after a while.
CREATE TABLE departure (
  platform TEXT NOT NULL,
  community TEXT NOT NULL,
  since INTEGER NOT NULL,
  forgotten INTEGER NOT NULL DEFAULT 0 CHECK (forgotten IN (0, 1)),
  PRIMARY KEY (platform, community)
) STRICT, WITHOUT ROWID;
CREATE INDEX departure_due ON departure (since) WHERE NOT forgotten;

-- The community that somebody chose to pay for what they draw in private.
CREATE TABLE home (
  platform TEXT NOT NULL,
  person TEXT NOT NULL,
  community TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (platform, person)
) STRICT, WITHOUT ROWID;
-- Finds where somebody drew.
CREATE INDEX principal_of_person ON principal (platform, person) WHERE kind = 'person';

-- Results that had no way to whoever asked; they are told when they come by.
CREATE TABLE undelivered (
  platform TEXT NOT NULL,
  person TEXT NOT NULL,
  job_key TEXT NOT NULL REFERENCES job,
  PRIMARY KEY (platform, person, job_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX undelivered_of_job ON undelivered (job_key);
