from contextlib import suppress

import pytest
from pydantic import SecretStr

from bot.backends.endpoint_pool import Pool
from bot.config.fields import Endpoint
from bot.errors import (
    BackendBroken,
    BackendBusy,
    BackendCutOff,
    BackendEmpty,
    BackendFailed,
    BackendGarbled,
    BackendKeyRefused,
    BackendLocked,
    BackendModelMissing,
    BackendModerated,
    BackendNeedsMoney,
    BackendRejected,
    BackendResting,
    BackendTimedOut,
    BackendUnreachable,
)
from tests.support.clock import FakeClock

ONE, TWO = "https://one.example", "https://two.example"


class Told:
    """What the owner heard."""

    def __init__(self) -> None:
        self.topics: list[str] = []
        self.texts: list[str] = []

    async def alert(self, topic: str, text: str) -> None:
        self.topics.append(topic)
        self.texts.append(text)


class Rig:
    def __init__(self, *urls: str) -> None:
        self.clock, self.told = FakeClock(auto=True), Told()
        endpoints = [Endpoint(url, SecretStr(f"key of {url}")) for url in urls or (ONE,)]
        self.pool = Pool(endpoints, clock=self.clock, alerts=self.told, requests_per_address=8)

    async def goes(self, error: BackendFailed | None = None, at: str = ONE) -> None:
        """One request with one attempt that ends so."""
        try:
            async with self.pool.request(), self.pool.attempt(at):
                if error:
                    raise error
        except BackendFailed as raised:
            if raised is not error:
                raise

    async def fails(self, times: int) -> None:
        for _ in range(times):
            await self.goes(BackendBroken())


async def test_the_address_with_the_least_to_do_is_next() -> None:
    pool = Rig(ONE, TWO).pool
    async with pool.attempt(ONE):
        assert pool.pick() == TWO
        async with pool.attempt(TWO), pool.attempt(TWO):
            assert pool.pick() == ONE
    assert pool.pick() == ONE


async def test_each_address_gets_its_own_key() -> None:
    pool = Rig(ONE, TWO).pool
    async with pool.attempt(TWO) as endpoint:
        assert endpoint == Endpoint(TWO, SecretStr("key of https://two.example"))


async def test_an_address_that_left_the_configuration_is_replaced_by_the_next_best() -> None:
    pool = Rig(ONE, TWO).pool
    async with pool.attempt(ONE), pool.attempt("https://gone.example") as endpoint:
        assert endpoint.url == TWO


async def test_a_failing_address_rests_longer_each_time() -> None:
    rig = Rig(ONE, TWO)
    for rest_s in (2.0, 4.0, 8.0):
        await rig.goes(BackendUnreachable(), ONE)
        await rig.goes(at=TWO)
        rig.clock.advance(rest_s - 0.5)
        assert (rig.pool.pick(), rig.pool.capacity) == (TWO, 8)
        rig.clock.advance(1.0)
        assert (rig.pool.pick(), rig.pool.capacity) == (ONE, 16)


async def test_an_address_never_rests_longer_than_a_minute() -> None:
    rig = Rig(ONE, TWO)
    for _ in range(12):
        await rig.goes(BackendUnreachable(), ONE)
        await rig.goes(at=TWO)
    rig.clock.advance(60.0)
    assert rig.pool.pick() == ONE


async def test_an_address_that_answers_again_is_forgiven() -> None:
    for answer in (None, BackendModerated()):
        rig = Rig(ONE, TWO)
        for error in (BackendBroken(), BackendBroken(), answer, BackendBroken()):
            await rig.goes(error, ONE)
        rig.clock.advance(2.0)
        assert rig.pool.pick() == ONE


async def test_when_all_rest_the_first_to_wake_is_asked_rather_than_nobody() -> None:
    rig = Rig(ONE, TWO)
    await rig.goes(BackendBroken(), TWO)
    rig.clock.advance(1.0)
    await rig.goes(BackendBroken(), ONE)
    assert (rig.pool.pick(), rig.pool.capacity) == (TWO, 8)


async def test_five_failures_in_a_row_stop_everything_and_the_owner_is_told_once() -> None:
    rig = Rig()
    await rig.fails(4)
    rig.pool.check()
    await rig.fails(1)
    assert rig.pool.capacity == 0
    with pytest.raises(BackendResting):
        rig.pool.check()
    with pytest.raises(BackendResting):
        await rig.goes()
    assert rig.told.topics == ["backend_down"]


async def test_a_success_in_between_starts_the_count_anew() -> None:
    rig = Rig()
    await rig.fails(4)
    await rig.goes()
    await rig.fails(4)
    rig.pool.check()


@pytest.mark.parametrize(
    "fault",
    [
        BackendBusy,
        BackendCutOff,
        BackendGarbled,
        BackendKeyRefused,
        BackendNeedsMoney,
        BackendTimedOut,
        BackendUnreachable,
    ],
)
async def test_every_fault_of_the_service_counts(fault: type[BackendFailed]) -> None:
    rig = Rig()
    await rig.fails(4)
    await rig.goes(fault())
    assert rig.pool.capacity == 0


@pytest.mark.parametrize(
    "answer",
    [BackendRejected, BackendModerated, BackendModelMissing, BackendLocked, BackendEmpty],
)
async def test_a_request_that_was_understood_and_declined_shows_that_the_service_is_well(
    answer: type[BackendFailed],
) -> None:
    rig = Rig()
    await rig.fails(4)
    await rig.goes(answer())
    await rig.fails(4)
    assert rig.pool.capacity == 8


async def test_after_a_rest_one_request_is_let_through_as_a_trial() -> None:
    rig = Rig()
    await rig.fails(5)
    rig.clock.advance(15.0)
    rig.pool.check()
    assert rig.pool.capacity == 1
    async with rig.pool.request():
        with pytest.raises(BackendResting):
            rig.pool.check()
        with pytest.raises(BackendResting):
            await rig.goes()
    rig.pool.check()
    assert rig.pool.capacity == 8
    assert rig.told.topics == ["backend_down", "backend_up"]


async def test_a_failed_trial_means_a_longer_rest_and_no_second_alert() -> None:
    rig = Rig()
    await rig.fails(5)
    for rest_s in (15.0, 30.0, 60.0):
        rig.clock.advance(rest_s - 0.5)
        assert rig.pool.capacity == 0
        rig.clock.advance(0.5)
        await rig.fails(1)
    assert rig.told.topics == ["backend_down"]


async def test_after_an_answer_the_next_rest_is_the_shortest_again() -> None:
    rig = Rig()
    await rig.fails(5)
    rig.clock.advance(15.0)
    await rig.fails(1)
    rig.clock.advance(30.0)
    await rig.goes()
    await rig.fails(5)
    assert rig.pool.capacity == 0
    rig.clock.advance(15.0)
    assert rig.pool.capacity == 1


async def test_the_rest_is_never_longer_than_five_minutes() -> None:
    rig = Rig()
    await rig.fails(5)
    for _ in range(12):
        rig.clock.advance(300.0)
        await rig.fails(1)
    rig.clock.advance(299.0)
    assert rig.pool.capacity == 0
    rig.clock.advance(1.0)
    assert rig.pool.capacity == 1


async def test_a_trial_that_ends_without_an_answer_makes_room_for_the_next() -> None:
    rig = Rig()
    await rig.fails(5)
    rig.clock.advance(15.0)
    with pytest.raises(ZeroDivisionError):
        async with rig.pool.request():
            raise ZeroDivisionError
    assert rig.pool.capacity == 1
    rig.pool.check()


async def test_requests_that_were_under_way_do_not_prolong_the_rest() -> None:
    rig = Rig()
    with suppress(BackendBroken):
        async with rig.pool.request():
            await rig.fails(5)
            rig.clock.advance(14.0)
            raise BackendBroken
    rig.clock.advance(1.0)
    assert rig.pool.capacity == 1


async def test_a_refused_key_and_an_empty_account_are_told_at_once_with_the_address() -> None:
    rig = Rig(ONE, TWO)
    await rig.goes(BackendKeyRefused(detail="HTTP 401: Not authenticated"), ONE)
    await rig.goes(BackendNeedsMoney(detail="HTTP 402: You need positive balance"), TWO)
    key, money = rig.told.texts
    assert key.startswith(
        "https://one.example, number 1 of API_URLS, refuses the key (HTTP 401: Not authenticated). "
        "Check DEEPINFRA_TOKEN or API_KEYS"
    )
    assert money.startswith("https://two.example, number 2 of API_URLS, wants to be paid (HTTP 402")
    assert len(set(rig.told.topics)) == 2


@pytest.mark.parametrize("refusal", [BackendKeyRefused, BackendNeedsMoney])
async def test_an_address_that_only_the_owner_can_mend_rests_for_a_minute(
    refusal: type[BackendFailed],
) -> None:
    rig = Rig(ONE, TWO)
    await rig.goes(refusal(), ONE)
    rig.clock.advance(59.0)
    assert (rig.pool.pick(), rig.pool.capacity) == (TWO, 8)
    rig.clock.advance(1.0)
    assert (rig.pool.pick(), rig.pool.capacity) == (ONE, 16)


async def test_two_keys_of_one_address_rest_apart() -> None:
    rig = Rig()
    first, second = Endpoint(ONE, SecretStr("first")), Endpoint(ONE, SecretStr("second"))
    pool = Pool([first, second], clock=rig.clock, alerts=rig.told)
    with suppress(BackendNeedsMoney):
        async with pool.attempt(ONE) as endpoint:
            assert endpoint == first
            raise BackendNeedsMoney
    async with pool.attempt(ONE) as endpoint:
        assert endpoint == second
    assert pool.other_than([second]) == first
    assert pool.other_than([first, second]) is None
