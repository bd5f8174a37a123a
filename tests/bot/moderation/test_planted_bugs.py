"""The test of the tests of moderation: each of these bugs, planted alone, must be caught.

Read as a list, this is what moderation promises. Every bug is an edit of the source by its exact
text, made in a copy.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
TIMEOUT_S = 250
REVIEWS, PAGE = "tests/bot/moderation/test_reviews.py", "tests/adapters/web/test_review.py"
RULES = "tests/adapters/web/test_rules.py"

# What is wrong: the tests that must notice, file, right text, wrong text.
PLANTED = {
    "one's own case is decided": (
        REVIEWS,
        "storage/transactions/cases.py",
        '    if case.is_about(asker):\n        raise NotYours("about_you")\n    if case.state',
        "    if case.state",
    ),
    "one's own decision gets the second look": (
        REVIEWS,
        "storage/transactions/cases.py",
        "if case.round > 1 and case.first_decided_by == actor_of(asker):",
        "if False:",
    ),
    "a claim keeps nobody away": (
        REVIEWS,
        "storage/transactions/cases.py",
        "if case.is_claimed(now, by_others_than=actor_of(asker)):",
        "if False:",
    ),
    "another community's case is found": (
        REVIEWS,
        "bot/moderation/reviews.py",
        "if not asker.is_owner and (case.platform, case.community) != _place(asker):",
        "if False:",
    ),
    "anybody is a moderator": (
        REVIEWS,
        "bot/moderation/reviews.py",
        "if not (asker.is_moderator or asker.is_admin or asker.is_owner):",
        "if False:",
    ),
    "a reveal is not remembered": (
        REVIEWS,
        "bot/moderation/reviews.py",
        '        await self._remember(asker, "reveal", case, number)\n',
        "",
    ),
    "an effect happens at every look": (
        REVIEWS,
        "storage/transactions/effects.py",
        'con.execute("UPDATE review_case SET effect_at = NULL WHERE id = ?", (number,))',
        "pass",
    ),
    "a frozen job is shown to its requester": (
        REVIEWS,
        "bot/jobs/access.py",
        "    if job.frozen:\n",
        "    if False:\n",
    ),
    "an escalation can be taken back": (
        REVIEWS,
        "bot/domain/case.py",
        "return self is not Decision.ESCALATE",
        "return True",
    ),
    "a moderator lifts the owner's lock": (
        REVIEWS,
        "storage/transactions/people.py",
        '" WHERE principal_id = ? AND lifted_at IS NULL AND NOT locked",',
        '" WHERE principal_id = ? AND lifted_at IS NULL",',
    ),
    "typing counts as asking": (
        REVIEWS,
        "bot/jobs/submission.py",
        "if refused.hard and not typing:",
        "if refused.hard:",
    ),
    "newcomers hide results": (
        REVIEWS,
        "bot/domain/case.py",
        "return all(since is None or now - since >= STANDING_AGE for since in ages)",
        "return True",
    ),
    "an export takes withheld pictures along": (
        REVIEWS,
        "bot/accounts/privacy.py",
        "if picture.sha256 and picture.verdict in _SEEN:",
        "if picture.sha256:",
    ),
    "a link works twice": (
        PAGE,
        "bot/moderation/review_links.py",
        "self._waiting.pop(_hash(token.strip()), (0.0, None))",
        "self._waiting.get(_hash(token.strip()), (0.0, None))",
    ),
    "a session outlives the role": (
        PAGE,
        "adapters/web/review/access.py",
        "if not await self._still_moderates(session.asker):",
        "if False:",
    ),
    "a platform that fails vouches for everybody": (
        PAGE,
        "adapters/web/review/access.py",
        'log.warning("%s could not say who moderates", asker.platform)\n            return False',
        'log.warning("%s could not say who moderates", asker.platform)\n            return True',
    ),
    "another site's form spends a link": (
        PAGE,
        "adapters/web/review/cases.py",
        "if not is_same_origin(request):",
        "if False:",
    ),
    "an admin of earlier is one for ever": (
        RULES,
        "adapters/web/review/access.py",
        "return replace(asker, is_admin=is_admin)",
        "return replace(asker, is_admin=True)",
    ),
    "an admin sets the rules of another server": (
        RULES,
        "bot/accounts/administration.py",
        "if not asker.is_owner or place not in await self.places(asker):",
        "if False:",
    ),
    "a forged form shows what needs an age gate": (
        RULES,
        "bot/accounts/community_rules.py",
        "    if text in allowed:",
        "    if text in tuple(Flagged):",
    ),
    "a change overwrites another unseen": (
        RULES,
        "adapters/web/review/rules.py",
        'if form.text("seen") != rules_of(asker.platform, known).seen:',
        "if False:",
    ),
}


@pytest.mark.parametrize("bug", PLANTED)
def test_the_right_text_of_a_planted_bug_is_in_the_source(bug: str) -> None:
    _, name, right, _ = PLANTED[bug]
    assert (ROOT / name).read_text("utf-8").count(right) == 1


@pytest.mark.slow
@pytest.mark.parametrize("bug", PLANTED)
def test_a_planted_bug_is_caught(bug: str, tmp_path: Path) -> None:
    tests, name, right, wrong = PLANTED[bug]
    ignored = shutil.ignore_patterns("discord", "*.png")
    for package in ("bot", "storage", "adapters", "tests"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    path = tmp_path / name
    path.write_text(path.read_text("utf-8").replace(right, wrong), "utf-8")
    done = subprocess.run(  # noqa: S603  (our own tests)
        [
            *(sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"),
            *("-p", "pytest_asyncio.plugin", "-p", "pytest_timeout"),
            *(tests, "-k", "not five_hundred"),
        ],
        cwd=tmp_path,
        # What else is installed for pytest is not loaded for every bug anew.
        env=os.environ | {"PYTHONPATH": str(tmp_path), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    shutil.rmtree(tmp_path / "tests")
    # 1 means that tests failed; anything else that they could not even run.
    assert done.returncode == 1, done.stdout + done.stderr
