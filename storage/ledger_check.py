"""Adds the books up again: every rule that the ledger keeps, over all that is written in it."""

import sqlite3


def faults(con: sqlite3.Connection) -> list[tuple[str, str]]:
    """All inconsistencies in the books, as (rule, where)."""
    return con.execute(_FAULTS).fetchall()


# An adjust changes what is posted on the house, and the credits of any other account.
# Nearly every job is plain: all of its holds were posted at the bill, or all were voided. That is
# seen by a few sums, in one pass over the index `entry_of_job`; the rules look at the others alone.
# `kinds` counts holds, posts, voids and all else, a thousand of each at most. `pairs` is 0 if each
# hold is resolved, on its own account: equal sums of ids that are unique, with equal counts.
# The unary plus keeps SQLite from using the accounts' index: a job has a dozen entries only.
_FAULTS = """
WITH doubtful AS MATERIALIZED (
  SELECT key FROM (
    SELECT job_key,
      SUM(CASE kind WHEN 'hold' THEN 1 WHEN 'post' THEN iif(ref_id, 1000, 1000000000)
        WHEN 'void' THEN 1000000 ELSE 1000000000 END) AS kinds,
      SUM(CASE kind WHEN 'hold' THEN id + account_id * 4294967296
        ELSE -ref_id - account_id * 4294967296 END) AS pairs,
      MIN(CASE kind WHEN 'post' THEN amount END) AS least,
      MAX(CASE kind WHEN 'post' THEN amount END) AS most
    FROM entry INDEXED BY entry_of_job WHERE job_key IS NOT NULL GROUP BY job_key
  ) CROSS JOIN job INDEXED BY job_books ON key = job_key
  WHERE key IS NOT NULL AND (state IN ('reserved', 'submitted') OR pairs IS NOT 0 OR bill IS NULL
    OR NOT ((kinds / 1000 = kinds % 1000 AND least = bill AND most = bill AND bill <= quote)
      OR (kinds / 1000000 = kinds % 1000 AND kinds / 1000 % 1000 = 0 AND bill = 0)))),
doubtful_hold AS MATERIALIZED (
  SELECT e.id, e.job_key, e.account_id, e.amount, EXISTS (SELECT 1 FROM entry r
      WHERE r.ref_id = e.id AND r.ref_id IS NOT NULL AND r.kind IN ('post', 'void')) AS resolved
    FROM doubtful d CROSS JOIN entry e ON e.job_key = d.key AND e.kind = 'hold'),
house AS (SELECT a.id FROM account a JOIN principal p ON p.id = a.principal_id
  WHERE p.kind = 'house'),
moved AS (
  SELECT account_id, kind, SUM(amount) AS amount FROM entry INDEXED BY entry_of_account
    GROUP BY account_id, kind),
replay AS (
  SELECT account_id,
    SUM(CASE WHEN kind = 'grant' OR (kind = 'adjust' AND account_id NOT IN (SELECT id FROM house))
        THEN amount ELSE 0 END) AS credits,
    SUM(CASE WHEN kind = 'given' THEN amount ELSE 0 END) AS granted,
    SUM(CASE WHEN kind = 'post' OR (kind = 'adjust' AND account_id IN (SELECT id FROM house))
        THEN amount WHEN kind = 'refund' THEN -amount ELSE 0 END) AS posted,
    SUM(CASE WHEN kind = 'open' THEN amount ELSE 0 END) AS held
  FROM (SELECT * FROM moved
    UNION ALL SELECT account_id, 'open', amount FROM doubtful_hold WHERE NOT resolved
    UNION ALL SELECT a.id, 'given', amount FROM account a CROSS JOIN entry e
      ON e.account_id = a.id AND e.kind = 'grant' WHERE e.key NOT LIKE 'allowance:%')
  GROUP BY account_id)
SELECT 'an account differs from the replay of its entries', CAST(a.id AS TEXT)
  FROM account a LEFT JOIN replay r ON r.account_id = a.id
  WHERE (a.credits, a.granted, a.posted, a.held) <>
    (COALESCE(r.credits, 0), COALESCE(r.granted, 0), COALESCE(r.posted, 0), COALESCE(r.held, 0))
UNION ALL SELECT 'an open hold on a closed job', e.job_key
  FROM doubtful_hold e JOIN job j ON j.key = e.job_key
  WHERE j.state NOT IN ('reserved', 'submitted') AND NOT e.resolved
UNION ALL SELECT 'a resolved hold on an open job', e.job_key
  FROM doubtful_hold e JOIN job j ON j.key = e.job_key
  WHERE j.state IN ('reserved', 'submitted') AND e.resolved
UNION ALL SELECT 'a bill is not what was posted on a level and on the house', j.key
  FROM doubtful_hold h JOIN job j ON j.key = h.job_key
  WHERE j.bill IS NOT NULL AND j.bill + j.stray <>
    (SELECT COALESCE(SUM(CASE e.kind WHEN 'post' THEN amount WHEN 'refund' THEN -amount END), 0)
       FROM entry e WHERE e.job_key = j.key AND +e.account_id = h.account_id)
    + (SELECT COALESCE(SUM(e.amount), 0) FROM entry e
         WHERE e.job_key = j.key AND +e.account_id IN (SELECT id FROM house))
UNION ALL SELECT 'somebody paid more than the quote', j.key
  FROM doubtful d CROSS JOIN job j ON j.key = d.key
    CROSS JOIN entry e ON e.job_key = j.key AND e.kind = 'post' AND e.ref_id IS NOT NULL
  WHERE e.amount > j.quote
UNION ALL SELECT 'a refund is not what was posted', j.key
  FROM job j INDEXED BY job_books WHERE j.key IS NOT NULL AND j.state = 'refunded' AND 0 <>
    (SELECT COALESCE(SUM(CASE WHEN e.kind = 'refund' THEN -amount
        WHEN e.kind = 'post' AND e.ref_id IS NOT NULL THEN amount END), 0)
      FROM entry e WHERE e.job_key = j.key)
UNION ALL SELECT 'a refund is not what was posted', j.key
  FROM doubtful d CROSS JOIN job j ON j.key = d.key WHERE j.state <> 'refunded' AND EXISTS
    (SELECT 1 FROM entry e WHERE e.job_key = j.key AND e.kind = 'refund')
UNION ALL SELECT 'a bill is not what the backend reported', j.key
  FROM job j INDEXED BY job_books WHERE j.key IS NOT NULL
    AND j.state NOT IN ('reserved', 'submitted')
    AND j.reported IS NOT NULL AND j.bill IS NOT j.reported
UNION ALL SELECT 'an unknown bill is not booked on the house', j.key
  FROM job j INDEXED BY job_books WHERE j.key IS NOT NULL
    AND j.state IN ('lost', 'cancelled') AND j.bill IS NULL AND j.quote + j.stray <>
    (SELECT COALESCE(SUM(e.amount), 0) FROM entry e
      WHERE e.job_key = j.key AND +e.account_id IN (SELECT id FROM house))
UNION ALL SELECT 'what stray calls cost is not booked on the house', j.key
  FROM job j INDEXED BY job_stray WHERE j.stray > 0 AND j.stray <>
    (SELECT COALESCE(SUM(e.amount), 0) FROM entry e
      WHERE e.job_key = j.key AND e.key LIKE j.key || ':stray:%')
UNION ALL SELECT 'a paid call failed without its bill', j.key
  FROM job j INDEXED BY job_paid_failed
  WHERE j.state = 'failed' AND j.submitted_at IS NOT NULL AND NOT j.repeatable
    AND (j.bill < COALESCE(json_extract(j.failure, '$.billed_micros'), 0)
      OR j.reported IS NULL AND (json_extract(j.failure, '$.kind') NOT LIKE 'Backend%'
        OR json_extract(j.failure, '$.kind')
          IN ('BackendTimedOut', 'BackendCutOff', 'BackendUnkept')))
"""
