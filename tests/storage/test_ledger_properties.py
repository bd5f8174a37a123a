"""The ledger under whatever happens, held against an independent model after every step.

LIMNER_EXAMPLES=5000 looks further, and elsewhere each time.
"""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.domain.asker import Asker
from bot.domain.budgets import STRANGERS, Budgets, Gate, StrangersBudgets, gates
from bot.domain.job import Job, JobState, NewJob, Verdict
from bot.errors import BackendRejected, Broken, Cancelled, Conflict, NotFound, QuotaExceeded
from storage.database.columns import to_us
from storage.database.database import begin_epoch, open_for_writing
from storage.ledger_check import faults
from storage.tables import audit, cards, ledger
from storage.transactions import forgetting, jobs, recovery, reservation, verdicts
from tests.storage.builders import (
    DRAWS,
    NOON,
    PLENTY,
    WAITS,
    asker,
    commit,
    drawn,
    dump,
    file,
    new_job,
    submit,
)
from tests.storage.ledger_model import (
    OPEN,
    AccountKey,
    Model,
    ModelJob,
    account_key,
    closes_at,
)

RESERVED, SUBMITTED, PRODUCED = JobState.RESERVED, JobState.SUBMITTED, JobState.PRODUCED

# Ann is in two communities: two people to the budgets.
PEOPLE = [
    asker(person, community, name=f"{person} of {community}")
    for person, community in (("ann", "harbour"), ("bob", "harbour"), ("ann", "garden"))
]
FILES = ["f1", "f2", "f3"]

who = st.sampled_from(PEOPLE)
quotes = st.one_of(st.just(0), st.integers(0, 2_000))
bills = st.integers(0, 3_000)
first_limits = st.one_of(st.none(), st.integers(2_000, 9_000))
limits = st.one_of(st.none(), st.integers(0, 2_000), st.integers(0, 9_000))
zones = st.sampled_from(["UTC", "America/New_York", "Asia/Kathmandu"])
pictures = st.lists(st.sampled_from(FILES), min_size=1, max_size=3)
images = st.sampled_from([None, None, "f1", "f4"])
anyone = st.integers(0, 10**6)  # picks among the jobs that there are
EPOCHS_AT_ONCE = 3
LEVELS = ["person_day", "person_month", "community_day", "community_month", "operator_month"]
# Of one community, which PUBLIC alone lets in.
STRANGE = PEOPLE[-1].community
ITS_LEVELS = [*LEVELS, "strangers_month"]


SHOWN = [Verdict.SHOW]
Step = Callable[[sqlite3.Connection, str, datetime], object]
STEPS: dict[str, tuple[Sequence[JobState], Step]] = {
    "submit": ((RESERVED,), lambda con, key, now: submit(con, key, now=now)),
    "fail": (OPEN, lambda con, key, now: commit(con, jobs.fail, key, Broken(), now)),
    "cancel": (OPEN, lambda con, key, now: commit(con, jobs.cancel, key, Cancelled(), now)),
    "refund": ((PRODUCED,), lambda con, key, now: commit(con, jobs.refund, key, "mod", now)),
    "judge": ((PRODUCED,), lambda con, key, now: commit(con, jobs.judge, key, SHOWN, now)),
}


class LedgerMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="ledger-"))
        self.now = NOON
        self.epochs: dict[int, sqlite3.Connection] = {}
        self.begun = 0
        self.con = self._open()
        self.model = Model()
        self.zone = "UTC"
        self.limits: dict[str, int | None] = {}
        self.wishes: dict[str, NewJob] = {}
        self.grants: dict[str, tuple[AccountKey, int]] = {}
        self.places: dict[int, tuple[str, str, str, str]] = {}
        self.written: list[tuple[Any, ...]] = []

    def teardown(self) -> None:
        for con in self.epochs.values():
            con.close()
        shutil.rmtree(self.folder)

    @initialize(
        zone=zones,
        limits=st.fixed_dictionaries(dict.fromkeys(ITS_LEVELS, first_limits)),
        specs=st.lists(st.tuples(who, quotes, images, anyone), min_size=4, max_size=10),
        succeeded=st.booleans(),
        bill=bills,
    )
    def seed(
        self,
        zone: str,
        limits: dict[str, int | None],
        specs: list[tuple[Asker, int, str | None, int]],
        succeeded: bool,
        bill: int,
    ) -> None:
        """Some jobs in all stages, so that every example has something to do."""
        self.zone, self.limits = zone, limits
        for person, quote, image, stage in specs:
            key = self.do_reserve(person, quote, image)
            if key and stage % 3:
                self.do_submit(key, paid=stage % 2 == 0)
            if key and stage % 12 in (1, 4):
                self.do_report(key, stage % 3_000)
            if key and stage % 3 == 2:
                self.do_produce(key, stage % 3_000, FILES[: stage % 2 + 1])
        if succeeded:
            self.do_succeed(bill)

    # What people and the backend do, in the order in which a job meets it.

    @rule(person=who, quote=quotes, image=images)
    def reserve(self, person: Asker, quote: int, image: str | None) -> None:
        """Refused exactly when it does not fit, and then without a trace."""
        self.do_reserve(person, quote, image)

    def do_reserve(self, person: Asker, quote: int, image: str | None) -> str | None:
        new = new_job(
            f"event {len(self.wishes)}",
            who=person,
            quote=quote,
            prompt=f"secret wish of {person.name}",
            image=file(image) if image else None,
            waits_until=self.now + WAITS,
        )
        self.wishes[new.key] = new
        wanted = self.gates(person)
        full = self.model.first_full(wanted, quote, self.now)
        if full is not None:
            before = dump(self.con)
            with pytest.raises(QuotaExceeded) as refused:
                commit(self.con, reservation.reserve, new, wanted, self.now, **PLENTY)
            assert (refused.value.level, refused.value.window) == (full.level, full.window)
            assert refused.value.left_micros < refused.value.needed_micros == quote
            reopens = (full.limit_micros or 0) >= quote
            assert refused.value.opens_at == (closes_at(full, self.now) if reopens else None)
            assert dump(self.con) == before
            return None
        job = commit(self.con, reservation.reserve, new, wanted, self.now, **PLENTY)
        for gate in wanted:
            self.model.open(gate, self.now)
        self.model.jobs[new.key] = ModelJob(
            asker=person,
            quote=quote,
            prompt=new.request.prompt,
            image=new.image,
            accounts=tuple(account_key(gate, self.now) for gate in wanted),
            created_at=self.now,
            deadline_at=self.now + WAITS,
            epoch=self.epoch,
        )
        assert (job.state, job.request.prompt) == (RESERVED, new.request.prompt)
        return new.key

    @precondition(lambda self: self.model.jobs)
    @rule(pick=anyone, moved=st.integers(0, 500))
    def replay(self, pick: int, moved: int) -> None:
        """The same key again changes nothing, even if the price moved; another wish conflicts."""
        key = self.pick(pick, self.model.jobs)
        job, before = self.model.jobs[key], dump(self.con)
        same = self.again(key, quote_micros=job.quote + moved)
        if job.kept:
            found = self.try_reserve(same)
            assert (found.key, found.state) == (key, job.state)
        other = self.again(key, private=True)
        with pytest.raises(Conflict):
            self.try_reserve(other)
        assert dump(self.con) == before

    @precondition(lambda self: self.model.in_state(RESERVED))
    @rule(pick=anyone, paid=st.booleans())
    def submit_one(self, pick: int, paid: bool) -> None:
        self.do_submit(self.pick(pick, self.model.in_state(RESERVED)), paid=paid)

    def do_submit(self, key: str, *, paid: bool) -> None:
        submit(self.con, key, paid=paid, now=self.now)
        job = self.model.jobs[key]
        job.become(SUBMITTED, self.epoch)
        job.paid, job.deadline_at, job.called_in = paid, self.now + DRAWS, self.epoch

    @precondition(lambda self: self.model.in_state(SUBMITTED))
    @rule(pick=anyone, cost=bills)
    def report_cost(self, pick: int, cost: int) -> None:
        """The backend's own figure becomes the bill, however the job ends."""
        self.do_report(self.pick(pick, self.model.in_state(SUBMITTED)), cost)

    def do_report(self, key: str, cost: int) -> None:
        commit(self.con, jobs.report_cost, key, cost, self.now)
        self.model.jobs[key].reported = cost

    @precondition(lambda self: self.model.in_state(SUBMITTED))
    @rule(pick=anyone, bill=bills, files=pictures)
    def produce(self, pick: int, bill: int, files: list[str]) -> None:
        self.do_produce(self.pick(pick, self.model.in_state(SUBMITTED)), bill, files)

    def do_produce(self, key: str, bill: int, files: list[str]) -> None:
        job = self.model.jobs[key]
        bill = bill if job.reported is None else job.reported
        found = commit(self.con, jobs.produce, key, drawn(bill, files), self.now)
        job.become(PRODUCED, self.epoch, bill)
        job.files = [file(name).sha256 for name in files]
        assert found.cost_micros == min(bill, job.quote)

    @precondition(lambda self: self.model.jobs)
    @rule(pick=anyone, by=anyone, bill=bills, same=st.booleans(), with_pictures=st.booleans())
    def bill_comes(self, pick: int, by: int, bill: int, same: bool, with_pictures: bool) -> None:
        """At any time, from any epoch: it is booked once, or was before, or is a conflict."""
        epoch, key = self.pick_epoch(by), self.pick(pick, self.model.jobs)
        self.do_bill(epoch, key, bill, same=same, with_pictures=with_pictures)

    def do_bill(self, epoch: int, key: str, bill: int, *, same: bool, with_pictures: bool) -> None:
        job, before = self.model.jobs[key], dump(self.con)
        known = job.strays.get(epoch) if epoch < job.call else job.bill
        bill = known if same and known is not None else bill
        is_drawn_now = job.state is SUBMITTED and epoch >= job.call
        was = (job.bill, job.reported, dict(job.strays))
        if job.take_bill(bill, epoch):
            self.come(epoch, key, bill, with_pictures=with_pictures and not is_drawn_now)
        else:
            with pytest.raises(Conflict):
                self.come(epoch, key, bill, with_pictures=with_pictures and not is_drawn_now)
        if was == (job.bill, job.reported, job.strays):
            assert dump(self.con) == before

    def come(self, epoch: int, key: str, bill: int, *, with_pictures: bool) -> None:
        if with_pictures:
            commit(self.epochs[epoch], jobs.produce, key, drawn(bill), self.now)
        else:
            commit(self.epochs[epoch], jobs.report_cost, key, bill, self.now)

    @precondition(lambda self: self.model.in_state(PRODUCED))
    @rule(pick=anyone)
    def judge(self, pick: int) -> None:
        job = self.model.jobs[key := self.pick(pick, self.model.in_state(PRODUCED))]
        found = commit(self.con, jobs.judge, key, [Verdict.SHOW] * len(job.files), self.now)
        assert found.judged
        job.revision += not job.judged
        job.judged = True

    @precondition(lambda self: self.model.in_state(PRODUCED))
    @rule(pick=anyone)
    def no_verdict(self, pick: int) -> None:
        """It is tried again after a pause that grows up to an hour."""
        job = self.model.jobs[key := self.pick(pick, self.model.in_state(PRODUCED))]
        commit(self.con, verdicts.not_judged, key, self.now)
        job.judge_failures += 1
        pause_s = min(5 * 2 ** (job.judge_failures - 1), 3_600)
        job.judge_at = self.now + timedelta(seconds=pause_s)
        noted = self.con.execute("SELECT judge_at FROM job WHERE key = ?", (key,)).fetchone()
        assert noted == (to_us(job.judge_at),)

    @precondition(lambda self: self.model.in_state(*OPEN))
    @rule(pick=anyone, known=st.booleans())
    def fail(self, pick: int, known: bool) -> None:
        """Where nobody knows whether a paid call was billed, the job is lost."""
        self.do_fail(self.pick(pick, self.model.in_state(*OPEN)), known=known)

    def do_fail(self, key: str, *, known: bool) -> None:
        job, error = self.model.jobs[key], BackendRejected() if known else Broken()
        found = commit(self.con, jobs.fail, key, error, self.now)
        job.fail(self.epoch, known=known)
        assert found.state == job.state

    @precondition(lambda self: self.model.in_state(*OPEN))
    @rule(pick=anyone)
    def cancel(self, pick: int) -> None:
        """Free for the person; a paid call under way is booked on the house until its bill."""
        job = self.model.jobs[key := self.pick(pick, self.model.in_state(*OPEN))]
        commit(self.con, jobs.cancel, key, Cancelled(), self.now)
        job.give_up(JobState.CANCELLED, self.epoch)

    @precondition(lambda self: self.model.in_state(PRODUCED))
    @rule(pick=anyone)
    def refund(self, pick: int) -> None:
        job = self.model.jobs[key := self.pick(pick, self.model.in_state(PRODUCED))]
        commit(self.con, jobs.refund, key, "a moderator", self.now)
        job.become(JobState.REFUNDED, self.epoch, job.bill)

    @precondition(lambda self: any(job.files for job in self.model.jobs.values()))
    @rule(pick=anyone, positions=st.sets(st.integers(0, 3)))
    def remove_pictures(self, pick: int, positions: set[int]) -> None:
        drawn_jobs = [key for key, job in self.model.jobs.items() if job.files]
        job = self.model.jobs[key := self.pick(pick, drawn_jobs)]
        commit(self.con, jobs.remove_pictures, key, positions, self.now)
        going = [at for at in positions if at < len(job.files) and job.files[at]]
        for position in going:
            job.files[position] = None
        job.revision += bool(going)
        job.judged = job.judged or not any(job.files)

    @precondition(lambda self: self.model.jobs)
    @rule(pick=anyone, by=anyone, step=st.sampled_from(list(STEPS)))
    def out_of_turn(self, pick: int, by: int, step: str) -> None:
        """A step from anywhere else than its own states is a conflict and writes nothing; so is any
        step of an epoch whose job is carried by a later one, and every further call.
        """
        allowed, _ = STEPS[step]
        epoch = self.pick_epoch(by)
        others = [
            key
            for key, job in self.model.jobs.items()
            if job.state not in allowed
            or epoch < job.epoch
            or (step == "submit" and epoch < self.epoch)
        ]
        if not others:
            return
        self.out_of_turn_of(epoch, self.pick(pick, others), step)

    def out_of_turn_of(self, epoch: int, key: str, step: str) -> None:
        before = dump(self.con)
        with pytest.raises(Conflict):
            STEPS[step][1](self.epochs[epoch], key, self.now)
        assert dump(self.con) == before

    # What the owner does.

    @rule(level=st.sampled_from(ITS_LEVELS), limit=limits, person=who, quote=quotes)
    def change_a_limit(self, level: str, limit: int | None, person: Asker, quote: int) -> None:
        """It is in force from the next job on."""
        self.limits[level] = limit
        self.do_reserve(person, quote, None)

    @rule(person=who, level=st.integers(0, 4), amount=st.integers(0, 1_000), key=st.integers(0, 9))
    def grant(self, person: Asker, level: int, amount: int, key: int) -> None:
        """The same grant again changes nothing; another one under its key conflicts."""
        gate = self.gates(person)[level]
        name, what = f"grant:{key}", (account_key(gate, self.now), amount)
        before = dump(self.con)
        if self.grants.setdefault(name, what) != what:
            with pytest.raises(Conflict):
                commit(self.con, ledger.grant, gate, amount, name, "an admin", self.now)
        else:
            if not self.con.execute("SELECT 1 FROM entry WHERE key = ?", (name,)).fetchone():
                assert commit(self.con, ledger.grant, gate, amount, name, "an admin", self.now)
                self.model.grant(gate, amount, self.now)
            before = dump(self.con)
            assert not commit(self.con, ledger.grant, gate, amount, name, "an admin", self.now)
        assert dump(self.con) == before

    @rule(person=who, quote=quotes)
    def erase_and_come_back(self, person: Asker, quote: int) -> None:
        """Whoever erases themselves comes back to the same budgets."""
        self.erase(person)
        self.do_reserve(person, quote, None)

    @rule(person=who)
    def erase(self, person: Asker) -> None:
        """No row holds the person's name or words, and every balance is unchanged."""
        theirs = self.model.of(person)
        before, balances = dump(self.con), self.balances()
        if any(job.is_open for job in theirs):
            with pytest.raises(Conflict):
                commit(self.con, forgetting.erase, *self.place(person), self.now)
            assert dump(self.con) == before
            return
        with suppress(NotFound):
            erased = commit(self.con, forgetting.erase, *self.place(person), self.now)
            assert erased.jobs == len(theirs)
        self.withdraw_cards()
        for job in theirs:
            self.model.forget(job)
        assert self.balances() == balances
        assert not self.con.execute(
            "SELECT 1 FROM principal WHERE community = ? AND person = ?",
            (person.community, person.person),
        ).fetchone()
        assert person.name not in str(dump(self.con))

    @rule(age=st.integers(0, 3 * 86_400))
    def retire(self, age: int) -> None:
        before = self.now - timedelta(seconds=age)
        commit(self.con, forgetting.retire, before, 1_000, self.now)
        for job in self.model.jobs.values():
            if job.kept and not job.is_open and job.created_at < before:
                self.model.forget(job)
                job.revision += 1

    # What time and accidents do.

    @rule(
        seconds=st.one_of(st.integers(0, 600), st.integers(0, 3 * 86_400)),
        each=st.sampled_from([1, 2, 3, 10**6]),
    )
    def sweep(self, seconds: int, each: int) -> None:
        """What has a task is left to it; the rest is put in order, once."""
        self.now += timedelta(seconds=seconds)
        self.recover({key for at, key in enumerate(sorted(self.model.jobs), 1) if at % each == 0})

    def recover(self, carried: AbstractSet[str]) -> None:
        """Past their deadlines, what nobody carries holds nothing."""
        until, is_carried = self.now + WAITS, carried.__contains__
        found = commit(self.con, recovery.recover, until, self.now, is_carried)
        expected = self.model.recover(carried, until, self.now, self.epoch)
        assert sorted(job.key for job in found) == sorted(expected)
        assert all(self.model.jobs[job.key].state == job.state for job in found)
        once = dump(self.con)
        going = [job for job in found if job.is_unfinished]
        assert commit(self.con, recovery.recover, until, self.now, is_carried) == going
        assert dump(self.con) == once

    @rule(pick=anyone, seconds=st.integers(0, 1_200), begun=st.sampled_from(["reserve", "step"]))
    def crash(self, pick: int, seconds: int, begun: str) -> None:
        """What was in an open transaction is gone; a start puts the rest in order, once."""
        before = dump(self.con)
        self.con.execute("BEGIN IMMEDIATE")
        with suppress(QuotaExceeded, Conflict):
            if begun == "reserve" or not self.model.jobs:
                person = PEOPLE[pick % 3]
                new = new_job("ghost", who=person, image=file("f5"))
                reservation.reserve(self.con, new, self.gates(person), self.now, **PLENTY)
            else:
                jobs.produce(self.con, self.pick(pick, self.model.jobs), drawn(5), self.now)
        self.epochs.pop(self.epoch).close()
        self.con = self._open()
        assert dump(self.con) == before | {"epoch": [(self.epoch,)]}
        self.now += timedelta(seconds=seconds)
        self.recover(set())

    @rule(at_once=st.booleans(), bill=bills)
    def successor(self, at_once: bool, bill: int) -> None:
        """Another process takes over from one that is thought dead and isn't."""
        if at_once:
            self.do_succeed(bill)
        else:
            self.con = self._open()
        if len(self.epochs) > EPOCHS_AT_ONCE:
            self.epochs.pop(min(self.epochs)).close()

    def do_succeed(self, bill: int) -> None:
        """The answers come to the one that isn't dead, and are told twice, as ever."""
        dead = self.epoch
        called = [key for key, job in self.model.jobs.items() if job.called_in == dead]
        self.con = self._open()
        for key in self.model.in_state(RESERVED):  # before it is taken over, and after
            self.out_of_turn_of(dead, key, "submit")
        self.recover(set())
        for key in called:
            self.do_bill(dead, key, bill, same=False, with_pictures=False)
            self.do_bill(dead, key, bill, same=True, with_pictures=True)
        for key in self.model.in_state(RESERVED):
            self.out_of_turn_of(dead, key, "cancel")
        for key in set(called[:2]) & set(self.model.in_state(RESERVED)):
            self.do_submit(key, paid=True)
            self.do_fail(key, known=False)
            self.do_bill(self.epoch, key, bill, same=False, with_pictures=False)

    @rule(table=st.sampled_from(["entry", "audit"]))
    def nobody_rewrites_history(self, table: str) -> None:
        if not self.con.execute(f"SELECT 1 FROM {table}").fetchone():  # noqa: S608  (two names)
            return
        for sql in (f"UPDATE {table} SET at = 1", f"DELETE FROM {table}"):  # noqa: S608
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                self.con.execute(sql)

    # What must hold after every step.

    @invariant()
    def every_account_is_what_the_model_says(self) -> None:
        found = self.balances()
        houses = {key: found.pop(key) for key in tuple(found) if key[0] == "house"}
        assert sum(house[-1] for house in houses.values()) == sum(
            job.on_house for job in self.model.jobs.values()
        )
        for (_, _, whose, _, period), (*unused, paid) in houses.items():
            assert unused == [False, 0, 0, 0]
            everybodys, strangers = (
                self.model.house(("operator", "", level, "", period)) for level in ("", STRANGERS)
            )
            assert paid == (strangers if whose else everybodys - strangers)
        assert found == {
            key: (
                account.gated,
                account.credits,
                account.granted,
                self.model.held(key),
                self.model.posted(key),
            )
            for key, account in self.model.accounts.items()
        }
        for gated, credit, _, held, posted in found.values():
            assert held >= 0
            assert posted >= 0
            assert not gated or held + posted <= credit

    @invariant()
    def every_job_is_what_the_model_says(self) -> None:
        rows = self.con.execute(
            "SELECT key, state, revision, quote, reported, bill, epoch, called_in, stray FROM job"
        ).fetchall()
        assert {row[0]: row[1:] for row in rows} == {
            key: (
                *(job.state, job.revision, job.quote, job.reported, job.bill),
                *(job.epoch, job.called_in, sum(job.strays.values())),
            )
            for key, job in self.model.jobs.items()
        }

    @invariant()
    def every_bill_is_paid_on_each_level_and_the_house(self) -> None:
        rows = self.con.execute(
            "SELECT job_key, account.id, principal.kind = 'house', sum(CASE entry.kind"
            " WHEN 'post' THEN amount WHEN 'refund' THEN -amount WHEN 'adjust' THEN amount"
            " ELSE 0 END) FROM entry JOIN account ON account.id = account_id"
            " JOIN principal ON principal.id = principal_id"
            " WHERE job_key IS NOT NULL GROUP BY job_key, account.id"
        ).fetchall()
        levels = dict.fromkeys(self.model.jobs, 0)
        on_house = dict.fromkeys(self.model.jobs, 0)
        for key, _, is_house, net in rows:
            if is_house:
                on_house[key] = net
            else:
                levels[key] += 1
                assert net == self.model.jobs[key].charge
        wanted = {key: len(self.gates(job.asker)) for key, job in self.model.jobs.items()}
        assert levels == wanted
        assert on_house == {key: job.on_house for key, job in self.model.jobs.items()}

    @invariant()
    def a_hold_is_open_while_its_job_is(self) -> None:
        rows = self.con.execute(
            "SELECT hold.job_key, hold.amount, count(done.id) FROM entry hold LEFT JOIN entry done"
            " ON done.ref_id = hold.id AND done.kind IN ('post', 'void')"
            " WHERE hold.kind = 'hold' GROUP BY hold.id"
        ).fetchall()
        for key, amount, resolved in rows:
            job = self.model.jobs[key]
            assert (amount, resolved) == (job.quote, 0 if job.is_open else 1)

    @invariant()
    def every_file_is_counted(self) -> None:
        refs = dict(self.con.execute("SELECT sha256, refs FROM blob WHERE refs > 0").fetchall())
        assert refs == self.model.references()

    @invariant()
    def what_was_written_stays_written(self) -> None:
        rows = self.con.execute("SELECT * FROM entry ORDER BY id").fetchall()
        assert rows[: len(self.written)] == self.written
        assert all(type(row[4]) is int for row in rows)
        self.written = rows

    @invariant()
    def the_books_find_no_fault_with_themselves(self) -> None:
        assert faults(self.con) == []
        assert audit.first_broken_row(self.con) is None

    def gates(self, person: Asker) -> list[Gate]:
        if person.community == STRANGE:
            return list(gates(person, StrangersBudgets(**self.limits), self.zone))
        own = {name: self.limits[name] for name in LEVELS}
        return list(gates(person, Budgets(**own), self.zone))

    def place(self, person: Asker) -> tuple[str, str, str]:
        return (person.platform, person.community, person.person)

    @property
    def epoch(self) -> int:
        """The last one; `con` is its connection."""
        return max(self.epochs)

    def pick_epoch(self, pick: int) -> int:
        return sorted(self.epochs)[pick % len(self.epochs)]

    def pick(self, pick: int, keys: Any) -> str:
        found: str = sorted(keys)[pick % len(keys)]
        return found

    def again(self, key: str, **changed: Any) -> NewJob:
        return replace(self.wishes[key], **changed)

    def try_reserve(self, new: NewJob) -> Job:
        return commit(self.con, reservation.reserve, new, self.gates(new.asker), self.now, **PLENTY)

    def withdraw_cards(self) -> None:
        for (card,) in self.con.execute(
            "SELECT id FROM card WHERE state = 'withdrawing'"
        ).fetchall():
            commit(self.con, cards.withdrawn, card)

    def balances(self) -> dict[AccountKey, tuple[bool, int, int, int, int]]:
        """Every account by what it is; somebody erased keeps the place they had."""
        rows = self.con.execute(
            "SELECT principal.id, kind, platform, community, person, period, gated, credits,"
            " granted, held, posted FROM account JOIN principal ON principal.id = principal_id"
        ).fetchall()
        found = {}
        for number, *place, period, gated, credit, granted, held, posted in rows:
            if place[3] is not None:
                self.places[number] = tuple(place)
            numbers = (credit, granted, held, posted)
            assert all(type(each) is int for each in numbers)
            found[*self.places[number], period] = (bool(gated), *numbers)
        return found

    def _open(self) -> sqlite3.Connection:
        con = open_for_writing(self.folder / "limner.db", self.now)
        con.execute("PRAGMA synchronous=OFF")
        number = begin_epoch(con, self.folder)
        self.begun += 1
        assert number == self.begun
        self.epochs[number] = con
        return con


USUAL_EXAMPLES = 250
EXAMPLES = int(os.environ.get("LIMNER_EXAMPLES") or USUAL_EXAMPLES)

LedgerMachine.TestCase.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=30,
    derandomize=EXAMPLES <= USUAL_EXAMPLES,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
TestLedger = LedgerMachine.TestCase
