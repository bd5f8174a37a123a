"""The test of the tests of moderation: each of these bugs, planted alone, must be caught.

Read as a list, this is what moderation promises.
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from sqlite3 import Connection
from typing import Any, TypeVar

import pytest

from adapters.incoming import Door
from adapters.web.review import rules
from adapters.web.review.access import Moderators
from bot.accounts import community_rules
from bot.accounts.administration import Administration
from bot.accounts.privacy import Privacy
from bot.domain import case
from bot.domain.asker import Asker
from bot.domain.case import Case, Decision
from bot.domain.job import Job, Verdict, read_public_id
from bot.domain.moderation_policy import Flagged
from bot.errors import Conflict, NotAllowed, NotFound
from bot.jobs import access
from bot.jobs.submission import JobSubmission
from bot.moderation import moderator_rights
from bot.moderation.case_reader import CaseReader
from bot.moderation.review_links import ReviewLinks
from bot.ports import Roles
from bot.store import JobStore
from storage.tables.case_rows import load
from storage.transactions import cases, effects, people
from tests.support.planted_runs import NONE, Runs, planted_runs
from tests.support.planting import CAUGHT, Plant, caught_by, instead_of, keeping

T = TypeVar("T")

REVIEWS = ["tests/bot/moderation/test_reviews.py", "-k", "not five_hundred"]
PAGE = ["tests/adapters/web/test_review.py"]
RULES_PAGE = ["tests/adapters/web/test_rules.py"]


async def later(value: T) -> T:
    return value


def shown(job: Job) -> Job:
    pictures = tuple(replace(picture, verdict=Verdict.SHOW) for picture in job.pictures)
    return replace(job, pictures=pictures)


def decidable_though(why: str) -> Plant:
    @instead_of(cases._decidable)
    def bug(
        right: Callable[..., Case], con: Connection, public_id: str, asker: Asker, now: datetime
    ) -> Case:
        try:
            return right(con, public_id, asker, now)
        except (NotAllowed, Conflict) as refused:
            if refused.why != why:
                raise
            return load(con, public_id, now)

    return bug


@instead_of(access.visible_job)
async def seen_though_frozen(
    right: Callable[..., Awaitable[Job]], jobs: JobStore, asker: Asker, public_id: str
) -> Job:
    with suppress(NotFound):
        job = await jobs.job_by_public_id(read_public_id(public_id))
        if job.frozen and job.asker.person == asker.person:
            return job
    return await right(jobs, asker, public_id)


@instead_of(people.lift)
def unlocked(right: Callable[..., int], con: Connection, *a: Any, **k: Any) -> int:
    con.execute("UPDATE block SET locked = 0")
    return right(con, *a, **k)


@instead_of(ReviewLinks.spend)
def unspent(right: Callable[..., Asker | None], self: ReviewLinks, token: str) -> Asker | None:
    unused = self._tokens._unused.copy()
    asker = right(self, token)
    self._tokens._unused = unused
    return asker


@instead_of(Moderators._asked)
async def vouched_at_a_loss(
    _: object, self: Moderators, asker: Asker, ask: Callable[[Roles], Awaitable[bool]]
) -> bool | None:
    roles = self._platforms.roles(asker.platform)
    try:
        return roles is not None and await ask(roles)
    except Exception:  # noqa: BLE001  (whatever a platform throws)
        return True


CASES = {
    "one's own case is decided": decidable_though("about_you"),
    "one's own decision gets the second look": decidable_though("own_decision"),
    "a claim keeps nobody away": decidable_though("claimed"),
    "another community's case is found": instead_of(CaseReader.case)(
        lambda right, self, asker, case_id: right(
            self, replace(asker, is_owner=asker.is_owner or asker.is_moderator), case_id
        )
    ),
    "anybody is a moderator": instead_of(moderator_rights.moderators_only)(lambda *_: None),
    "a reveal is not remembered": instead_of(CaseReader._remember)(
        lambda right, self, asker, action, case, number=0: (
            later(value=None) if action == "reveal" else right(self, asker, action, case, number)
        )
    ),
    "an effect happens at every look": instead_of(effects._apply)(
        keeping("effect_at", "review_case", "id")
    ),
    "a frozen job is shown to its requester": seen_though_frozen,
    "an escalation can be taken back": instead_of(Decision.waits)(lambda *_: True),
    "a moderator lifts the owner's lock": unlocked,
    "typing counts as asking": instead_of(JobSubmission.quote)(
        lambda right, self, asker, request, *, typing=False: right(self, asker, request)
    ),
    "newcomers hide results": instead_of(case.has_standing)(
        lambda right, reporter, **k: right(
            replace(reporter, account_created_at=None, joined_at=None), **k
        )
    ),
    "an export takes withheld pictures along": instead_of(Privacy._copy_pictures)(
        lambda right, self, job, target: right(self, shown(job), target)
    ),
}
SIGN_IN = {
    "a link works twice": unspent,
    "a session outlives the role": instead_of(Moderators._moderates)(lambda *_: later(value=True)),
    "a platform that fails vouches for everybody": vouched_at_a_loss,
    "another site's form spends a link": instead_of(Door._is_foreign)(lambda *_: False),
}
RULES = {
    "an admin of earlier is one for ever": instead_of(Moderators.with_rights)(
        lambda _, self, asker: later(replace(asker, is_admin=True))
    ),
    "an admin sets the rules of another server": instead_of(Administration.at)(
        lambda _, self, asker, platform, community: later(
            replace(asker, platform=platform, community=community)
        )
    ),
    "a forged form shows what needs an age gate": instead_of(community_rules._policy)(
        lambda right, platform, name, text: (
            Flagged(text) if text in tuple(Flagged) else right(platform, name, text)
        )
    ),
    "a change overwrites another unseen": instead_of(rules._refuse_unseen)(lambda *_: None),
}
PLANTED = caught_by(REVIEWS, CASES) | caught_by(PAGE, SIGN_IN) | caught_by(RULES_PAGE, RULES)


@pytest.fixture(scope="module")
def runs(request: pytest.FixtureRequest) -> Iterator[Runs]:
    with planted_runs(request) as begun:
        yield begun


@pytest.mark.slow
def test_without_a_planted_bug_the_tests_pass(runs: Runs) -> None:
    outcome = runs[NONE].result()
    assert outcome.code == 0, outcome.output


@pytest.mark.slow
@pytest.mark.parametrize("bug", PLANTED)
def test_a_planted_bug_is_caught(bug: str, runs: Runs) -> None:
    outcome = runs[bug].result()
    assert outcome.code == CAUGHT, outcome.output
