"""The test of the test: each of these bugs, planted alone, must be caught.

Read as a list, this is what the store promises. Every bug is an edit of the source by its exact
text, made in a copy, in which the property test and the windows' test then have to fail.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROPERTIES, WINDOWS = "tests/storage/test_ledger_properties.py", "tests/bot/domain/test_budgets.py"
AT_ONCE = 2
NONE = "no bug at all"
# On a quiet machine a run takes about two seconds.
TIMEOUT_S = 250
# What else is installed for pytest is not loaded for every bug anew.
PLUGINS = ("no:cacheprovider", "pytest_asyncio.plugin", "pytest_timeout")
# That the copy can be run and passes is seen after a few examples.
CONTROL_EXAMPLES = 25

LEDGER = "storage/tables/ledger.py"
JOBS = "storage/transactions/jobs.py"
RECOVERY = "storage/transactions/recovery.py"
PEOPLE = "storage/transactions/people.py"
PRINCIPALS = "storage/tables/principals.py"
BLOBS = "storage/tables/blobs.py"
SCHEMA = "storage/migrations/0001_books.sql"
BUDGETS = "bot/domain/budgets.py"

# What is wrong: file, right text, wrong text.
Edit = tuple[str, str, str]
PLANTED: dict[str, list[Edit]] = {
    # Holds: never more than there is, on every level.
    "only the database notices that a budget is full": [
        (LEDGER, "if account.gated and account.left < amount:", "if False:"),
    ],
    "nobody notices that a budget is full": [
        (LEDGER, "if account.gated and account.left < amount:", "if False:"),
        (SCHEMA, "CHECK (NOT gated OR posted + held <= credits)", "CHECK (1)"),
    ],
    "the last micro-dollar can't be spent": [
        (LEDGER, "account.left < amount", "account.left <= amount"),
    ],
    "a budget without a limit refuses": [
        (LEDGER, "if account.gated and account.left < amount:", "if account.left < amount:"),
    ],
    "only the person's own budgets are held": [
        (LEDGER, "for gate in gates:\n", "for gate in list(gates)[:2]:\n"),
    ],
    "the refusal names a moment when nothing opens": [
        (LEDGER, "opens_at=account.ends_at", "opens_at=now"),
    ],
    "a member of two communities has one budget": [
        (PRINCIPALS, "community = ? AND person = ?", "? <> '-' AND person = ?"),
    ],
    # Resolutions: once, never above the quote, the rest on the house.
    "an overrun is charged to the person": [
        (LEDGER, "charge = min(bill, held)", "charge = bill"),
        (SCHEMA, "CHECK (NOT gated OR posted + held <= credits)", "CHECK (1)"),
    ],
    "an overrun is dropped": [
        (LEDGER, "if bill > charge:", "if False:"),
    ],
    "a post keeps the money held": [
        (LEDGER, "SET held = held - ?, posted", "SET held = held - ? * 0, posted"),
        (SCHEMA, "CHECK (NOT gated OR posted + held <= credits)", "CHECK (1)"),
    ],
    "a void keeps the money held": [
        (
            LEDGER,
            'con.execute("UPDATE account SET held = held - ? WHERE id = ?", (held, account_id))',
            "pass",
        ),
    ],
    "a hold is voided without an entry": [
        (
            LEDGER,
            '_write(con, "void", account_id, held,',
            '(lambda *_, **__: None)(con, "void", account_id, held,',
        ),
    ],
    "a bill that comes twice is a conflict": [
        (JOBS, "JobState.REFUNDED) and bill == result.cost_micros", "JobState.REFUNDED) and not 1"),
    ],
    "another bill for a paid job is swallowed": [
        (JOBS, "JobState.REFUNDED) and bill == result.cost_micros", "JobState.REFUNDED)"),
    ],
    "a failed call that was billed is booked nowhere": [
        (JOBS, 'ledger.post_on_house(con, key, bill, "billed", now)', "pass"),
    ],
    # Lost and cancelled: free for the person, never for the owner.
    "a lost job keeps the person's money": [
        (
            JOBS,
            "    ledger.void(con, key, now)",
            "    state == 'lost' or ledger.void(con, key, now)",
        ),
    ],
    "a lost job is booked nowhere": [
        (
            JOBS,
            "JobState.LOST, error, now, unknown=True)",
            "JobState.LOST, error, now)",
        ),
    ],
    "a cancelled call that may be billed is booked nowhere": [
        (JOBS, "unknown = _paid_call_under_way(con, key)", "unknown = False"),
    ],
    "a cancelled job that nobody sent is booked on the house": [
        (JOBS, "WHERE key = ? AND state = 'submitted' AND NOT repeatable", "WHERE key = ?"),
    ],
    "what the backend reported is forgotten when the job is given up": [
        (JOBS, "SELECT quote, coalesce(reported, ?) FROM", "SELECT quote, ? FROM"),
    ],
    "a cost that is reported late corrects nothing": [
        (JOBS, "        settle_late(con, key, cost, now)\n", "        pass\n"),
    ],
    "a job that is drawn again keeps the bill of its first drawing": [
        (JOBS, ', "submitted_at": None, "reported": None}', ', "submitted_at": None}'),
    ],
    "a late bill comes on top of the booked quote": [
        (
            JOBS,
            "ledger.correct_house(con, key, bill - booked, now)",
            "ledger.correct_house(con, key, bill, now)",
        ),
    ],
    # Refunds, grants, limits.
    "a refund is paid by nobody": [
        (LEDGER, 'post_on_house(con, job, paid, "absorb", now)', "pass"),
    ],
    "a refund is short by a micro-dollar": [
        (
            LEDGER,
            '"UPDATE account SET posted = posted - ? WHERE id = ?", (amount, account_id)',
            '"UPDATE account SET posted = posted - ? WHERE id = ?", (amount - 1, account_id)',
        ),
    ],
    "a refund reaches only the first level": [
        (
            LEDGER,
            "AND ref_id IS NOT NULL AND amount > 0",
            "AND ref_id IS NOT NULL AND amount > 0 LIMIT 1",
        ),
    ],
    "the same grant counts twice": [
        (
            LEDGER,
            "        return False\n",
            '        key += f":{to_us(now)}:{account.posted}:{account.held}"\n',
        ),
    ],
    "a limit cut in mid-window falls below what is used": [
        (
            LEDGER,
            "max(limit + account.granted, account.posted + account.held)",
            "limit + account.granted",
        ),
    ],
    "a changed limit takes what was granted": [
        (LEDGER, "max(limit + account.granted,", "max(limit,"),
    ],
    "a changed limit leaves no entry": [
        (LEDGER, "    if wanted != account.credits:\n", "    if False:\n"),
    ],
    "a limit that was lifted still holds": [
        (
            LEDGER,
            "    gated = limit is not None\n",
            "    gated = limit is not None or account.gated\n",
        ),
    ],
    # Windows.
    "every day is the same account": [
        (BUDGETS, "{window}:{first.isoformat()}@{timezone}", "{window}@{timezone}"),
    ],
    "days are those of Greenwich": [
        (BUDGETS, "zone = ZoneInfo(timezone)", 'zone = ZoneInfo("UTC")'),
    ],
    "a month has 30 days": [
        (BUDGETS, "(first + timedelta(days=32)).replace(day=1)", "first + timedelta(days=30)"),
    ],
    # One key, one wish; one state after another.
    "another wish under the same key is taken for a replay": [
        (JOBS, "if row[0] != new.fingerprint:", "if False:"),
    ],
    "a price that moved makes a replay a conflict": [
        (
            "bot/domain/job.py",
            '"private": self.private,',
            '"private": [self.private, self.quote_micros],',
        ),
    ],
    "a state changes from anywhere": [
        (JOBS, "    if found not in origins:", "    if False:"),
    ],
    "a change of state is not seen": [
        (JOBS, "SET revision = revision + 1 WHERE key", "SET revision = revision WHERE key"),
    ],
    # Deadlines and restarts.
    "the sweep closes what is not due": [
        (RECOVERY, "deadline_at <= ?", "deadline_at >= ?"),
    ],
    "the sweep says of a paid call that it failed": [
        (
            RECOVERY,
            "    return lose(con, key, BackendTimedOut(), now)",
            "    return fail(con, key, BackendTimedOut(), now)",
        ),
    ],
    "a start repeats a paid call": [
        (RECOVERY, "SUBMITTED and repeatable:", "SUBMITTED and repeatable is not None:"),
    ],
    "a start forgets what was drawn but not judged": [
        (
            RECOVERY,
            "WHERE verdict IS NULL AND state = 'produced'",
            "WHERE verdict IS NULL AND state = 'lost'",
        ),
    ],
    # Pictures.
    "a deleted picture keeps its file": [
        (BLOBS, "SET refs = refs - 1", "SET refs = refs"),
    ],
    "a file in use twice counts once": [
        (BLOBS, "DO UPDATE SET refs = refs + 1", "DO NOTHING"),
    ],
    "deleting twice lets go of somebody else's file": [
        (JOBS, '"UPDATE picture SET sha256 = NULL, verdict', '"UPDATE picture SET verdict'),
    ],
    # Erasure and retention.
    "erasure keeps the words": [
        (PEOPLE, "UPDATE job SET request = NULL, ", "UPDATE job SET "),
    ],
    "erasure keeps the name": [
        (PEOPLE, "SET asker = '{}', channel", "SET channel"),
    ],
    "erasure keeps the id": [
        (PEOPLE, "SET person = NULL, erased_hash = ?", "SET erased_hash = ?"),
    ],
    "who erases themselves gets a fresh budget": [
        (
            PRINCIPALS,
            "FROM principal WHERE erased_hash = ?",
            "FROM principal WHERE erased_hash = ? || '-'",
        ),
    ],
    "erasure does not wait for open jobs": [
        (PEOPLE, 'state in ("reserved", "submitted")', 'state in ("reserved",)'),
    ],
    "retention takes the words of an open job": [
        (
            PEOPLE,
            "AND state NOT IN ('reserved', 'submitted') LIMIT ?",
            "LIMIT ?",
        ),
    ],
    # History.
    "an entry can be changed": [
        (
            SCHEMA,
            "CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry",
            "CREATE TRIGGER entry_no_update BEFORE UPDATE OF id ON entry",
        ),
    ],
    "an entry can be deleted": [
        (
            SCHEMA,
            "CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry",
            "CREATE TRIGGER entry_no_delete BEFORE DELETE ON card",
        ),
    ],
    "the audit is a list, not a chain": [
        ("storage/tables/audit.py", '_chained(last[0] if last else "", row)', '_chained("", row)'),
    ],
}


@dataclass(frozen=True)
class Outcome:
    code: int
    output: str


@pytest.fixture(scope="module")
def runs(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[Outcome]]]:
    """A run for every bug that was selected and one without any: begun at once, a few at a time."""
    selected = [
        str(item.callspec.params["bug"])
        for item in request.session.items
        if isinstance(item, pytest.Function) and item.function is test_a_planted_bug_is_caught
    ]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        control = pool.submit(run_with, [], tmp_path_factory.mktemp("planted"), CONTROL_EXAMPLES)
        yield {
            NONE: control,
            **{
                bug: pool.submit(run_with, PLANTED[bug], tmp_path_factory.mktemp("planted"))
                for bug in selected
            },
        }
        pool.shutdown(cancel_futures=True)


def run_with(edits: list[Edit], folder: Path, examples: int | None = None) -> Outcome:
    for package in ("bot", "storage", "tests/storage", "tests/bot/domain"):
        shutil.copytree(ROOT / package, folder / package)
    shutil.copy(ROOT / "pyproject.toml", folder)
    for package in ("tests", "tests/bot"):
        shutil.copy(ROOT / package / "__init__.py", folder / package)
    for name, right, wrong in edits:
        path = folder / name
        path.write_text(path.read_text("utf-8").replace(right, wrong), "utf-8")
    # Who is likely to notice comes first: the first test that fails is enough.
    about_windows = [name for name, *_ in edits] == [BUDGETS]
    tests = (WINDOWS, PROPERTIES) if about_windows else (PROPERTIES, WINDOWS)
    done = subprocess.run(  # noqa: S603  (our own tests)
        [
            *(sys.executable, "-m", "pytest", "-q", "-x"),
            *(f"-p{plugin}" for plugin in PLUGINS),
            *tests,
        ],
        cwd=folder,
        env=os.environ
        | {
            "PYTHONPATH": str(folder),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "LIMNER_EXAMPLES": str(examples or ""),
        },
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    shutil.rmtree(folder)
    return Outcome(done.returncode, done.stdout + done.stderr)


@pytest.mark.parametrize("bug", PLANTED)
def test_the_right_text_of_a_planted_bug_is_in_the_source(bug: str) -> None:
    for name, right, _ in PLANTED[bug]:
        assert (ROOT / name).read_text("utf-8").count(right) == 1


@pytest.mark.slow
def test_without_a_planted_bug_the_copy_passes(runs: dict[str, Future[Outcome]]) -> None:
    outcome = runs[NONE].result()
    assert outcome.code == 0, outcome.output


@pytest.mark.slow
@pytest.mark.parametrize("bug", PLANTED)
def test_a_planted_bug_is_caught(bug: str, runs: dict[str, Future[Outcome]]) -> None:
    outcome = runs[bug].result()
    # 1 means that tests failed; anything else that they could not even run.
    assert outcome.code == 1, outcome.output
