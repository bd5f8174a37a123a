"""What moderators took away is in no backup that is made later."""

import sqlite3

from storage.tables import blobs


def leave_out(con: sqlite3.Connection) -> set[str]:
    """Forget the withheld files in the copy of a backup. Returns those that nothing refers to."""
    held = con.execute(
        "SELECT p.job_key, p.position, p.sha256 FROM derived d"
        " JOIN picture p ON p.job_key = d.job_key AND p.position = d.position"
        " JOIN review_case c ON c.id = d.case_id AND c.reach IN ('community', 'everywhere')"
        " WHERE p.sha256 IS NOT NULL UNION"
        " SELECT job.key, NULL, job.image_sha256 FROM job"
        " JOIN blocked_file f ON f.sha256 = job.image_sha256"
        " JOIN derived d ON d.case_id = f.case_id AND d.job_key = job.key"
        " UNION SELECT job.key, NULL, job.image_sha256 FROM evidence e"
        " JOIN review_case c ON c.id = e.case_id JOIN job ON job.key = c.job_key"
        " AND job.image_sha256 = e.sha256"
    ).fetchall()
    for job, position, sha256 in held:
        if position is None:
            con.execute("UPDATE job SET image_sha256 = NULL WHERE key = ?", (job,))
        else:
            con.execute(
                "UPDATE picture SET sha256 = NULL WHERE job_key = ? AND position = ?",
                (job, position),
            )
        blobs.release(con, sha256)
    gone = con.execute("DELETE FROM blob WHERE refs = 0 RETURNING sha256").fetchall()
    return {sha256 for (sha256,) in gone}
