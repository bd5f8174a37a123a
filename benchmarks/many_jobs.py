"""A database as a busy bot leaves it after months, filled by SQL: honest books, old jobs, cases.

Each job holds and posts on five levels; of a hundred ten failed, one was lost, one refunded. There
are cases and notices for one of a hundred, refused prompts, deliveries, and rows of the audit.
"""

import hashlib
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage.database.columns import to_us
from storage.database.database import open_for_writing

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAYS = 100
PEOPLE, COMMUNITIES = 2_000, 100
QUOTE = 1_000
# From this many days ago on, as many jobs every day.
FIRST = NOW - timedelta(days=DAYS)


def fill(path: Path, jobs: int) -> None:
    """Make a new database with `jobs` jobs that are over. 1 M take minutes and 4 GB."""
    with closing(open_for_writing(path, NOW)) as con:
        con.execute("PRAGMA synchronous=OFF")
        con.execute("PRAGMA cache_size=-2000000")
        indexes = con.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"
        ).fetchall()
        con.create_function("digest", 1, _digest, deterministic=True)
        con.execute("BEGIN")
        for name, _ in indexes:  # built at the end, which is much faster
            con.execute(f"DROP INDEX {name}")
        values = {"jobs": jobs, "people": PEOPLE, "communities": COMMUNITIES, "days": DAYS}
        values |= {"quote": QUOTE, "first": to_us(FIRST), "day": 86_400_000_000}
        for sql in _FILL.split(";\n"):
            con.execute(sql, values)
        for _, sql in indexes:
            con.execute(sql)
        con.execute("COMMIT")
        con.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _digest(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


# Accounts: operator (id 1), house (2), then by day of each person, and so on.
_FILL = """
CREATE TEMP TABLE n AS WITH RECURSIVE n (i) AS
  (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :jobs) SELECT i FROM n;
INSERT INTO principal (id, kind, platform, community, person)
  VALUES (1, 'operator', '', '', ''), (2, 'house', '', '', '');
INSERT INTO principal (id, kind, platform, community, person)
  SELECT 100 + i, 'community', 'discord', 'c' || i, '' FROM n WHERE i < :communities;
INSERT INTO principal (id, kind, platform, community, person)
  SELECT 10000 + i, 'person', 'discord', 'c' || (i % :communities), 'p' || i FROM n
  WHERE i < :people;
CREATE TEMP TABLE j AS SELECT i, 10000 + i % :people AS person,
  100 + i % :people % :communities AS community, i * :days / :jobs AS day,
  i % 10 <> 0 AS good, i % 100 = 10 AS lost, i % 100 = 11 AS refunded,
  substr(digest(i), 1, 16) AS key, digest(-1 - i) AS sha256,
  :first + i * :days / :jobs * :day + i AS at FROM n;
INSERT INTO account (id, principal_id, period, gated)
  VALUES (1, 1, 'month:2026', 0), (2, 2, 'life', 0);
INSERT INTO account (principal_id, period, gated)
  SELECT DISTINCT person, 'day:' || day, 0 FROM j ORDER BY day, person;
INSERT INTO account (principal_id, period, gated)
  SELECT DISTINCT person, 'month:' || (day / 30), 0 FROM j;
INSERT INTO account (principal_id, period, gated)
  SELECT DISTINCT community, 'day:' || day, 0 FROM j ORDER BY day, community;
INSERT INTO account (principal_id, period, gated)
  SELECT DISTINCT community, 'month:' || (day / 30), 0 FROM j;
CREATE TEMP TABLE level AS
  SELECT j.i, a.id AS account FROM j JOIN account a ON a.principal_id IN (person, community)
    AND a.period IN ('day:' || day, 'month:' || (day / 30))
  UNION ALL SELECT j.i, 1 FROM j;
CREATE INDEX temp.level_of ON level (i);
UPDATE account SET posted = :quote * (SELECT count(*) FROM level JOIN j USING (i)
  WHERE account = account.id AND good AND NOT refunded) WHERE id = 1;
UPDATE account SET posted = :quote * (SELECT count(*) FROM j WHERE lost OR refunded) WHERE id = 2;
UPDATE account SET posted = sums.s FROM
  (SELECT account, :quote * count(*) AS s FROM level JOIN j USING (i)
    WHERE good AND NOT refunded GROUP BY account) AS sums WHERE sums.account = account.id;
INSERT INTO job (key, public_id, person_id, channel, asker, fingerprint, state, revision, request,
    asked_model, private, action, quote, bill, reported, seed, drawn_by, backend, address,
    repeatable, failure, acked_at, created_at, submitted_at, closed_at, deadline_at)
  SELECT key, substr(key, 1, 12), person, 'art', '{"name":"Ann","roles":[]}', digest(i),
    CASE WHEN refunded THEN 'refunded' WHEN lost THEN 'lost' WHEN good THEN 'produced'
      ELSE 'failed' END, 4,
    '{"values":{"prompt":"a lighthouse at dusk, waves, oil on canvas, ' || i
      || '","seed":' || i || ',"steps":25,"width":768,"height":768}}',
    'sd', 0, 'imagine', :quote,
    CASE WHEN good THEN :quote WHEN lost THEN NULL ELSE 0 END, iif(good, :quote, NULL), i, 'sd',
    'api', 'first', 0, iif(good, NULL, '{"kind":"Broken"}'), at, at, at + 1, at + 2, at + 900000000
  FROM j;
INSERT INTO entry (job_key, account_id, kind, amount, ref_id, key, actor, at)
  SELECT key, account, iif(k = 0, 'hold', iif(good, 'post', 'void')), :quote,
    iif(k = 0, NULL, 10 * i + rank), key || iif(k = 0, ':hold:', ':post:') || account, 'limner', at
  FROM j JOIN (SELECT 0 AS k UNION ALL SELECT 1)
  JOIN (SELECT i, account, row_number() OVER (PARTITION BY i) AS rank FROM level) USING (i)
  ORDER BY i, k, rank;
INSERT INTO entry (job_key, account_id, kind, amount, ref_id, key, actor, at)
  SELECT key, account, 'refund', :quote, 10 * i + 5 + rank, key || ':refund:' || account,
    'mod', at
  FROM j JOIN (SELECT i, account, row_number() OVER (PARTITION BY i) AS rank FROM level) USING (i)
  WHERE refunded
  UNION ALL SELECT key, 2, 'post', :quote, NULL, key || ':house', 'limner', at FROM j
  WHERE lost OR refunded;
INSERT INTO blob SELECT sha256, 'image/png', 900000, 1, at FROM j WHERE good;
INSERT INTO picture SELECT key, 0, sha256, 'image/png', 900000, 768, 768, 0,
  iif(i % 1000 = 1, 'block', 'show') FROM j WHERE good;
INSERT INTO look SELECT key, 0, 'api', NULL, '', '', NULL, NULL, at FROM j WHERE good;
INSERT INTO card (job_key, surface, address, state, shown_revision)
  SELECT key, 'discord', '{"channel":"1","message":"' || i || '"}', 'live', 4 FROM j;
INSERT INTO review_case (id, public_id, kind, community_id, subject_id, job_key, state, opened_at,
    decision, decided_by, decided_at, closed_at)
  SELECT i, 'K' || i, 'pictures', community, person, key,
    iif(day < :days / 2, 'closed', 'decided'), at, 'approve', 'mod', at + 5,
    iif(day < :days / 2, at + 9, NULL)
  FROM j WHERE i % 100 = 1;
INSERT INTO notice (topic, place, principal_id, code, detail)
  SELECT 'opened:' || public_id || ':1', 'moderators', community_id, 'opened',
    '{"case":"' || public_id || '"}' FROM review_case
  UNION ALL SELECT 'decided:' || public_id || ':1', 'person', subject_id, 'approve',
    '{"job":"x"}' FROM review_case;
INSERT INTO report (job_key, principal_id, reason, at, case_id)
  SELECT job_key, subject_id, 'look', opened_at, id FROM review_case;
INSERT INTO refused_prompt (principal_id, prompt, at)
  SELECT person, 'no', at FROM j WHERE i % 100 = 2;
INSERT INTO delivered SELECT 'slack:' || digest(i), at FROM j WHERE i % 3 = 0;
INSERT INTO audit (id, at, actor, action, subject, detail, hash)
  SELECT i + 1, at, 'a', 'b', 'c', '{}', digest(i) FROM j WHERE i < :jobs / 10
"""

if __name__ == "__main__":
    import sys

    fill(Path(sys.argv[1]), int(sys.argv[2]))
