"""Who takes part in the next step, and how wide it is."""

from hypothesis import given
from hypothesis import strategies as st

from bot.engine.batching.batch_policy import (
    AGEING,
    SIZES,
    CallerShares,
    Candidate,
    StepDurations,
    choose,
    saturation,
)


def candidate(number: int, **values: object) -> Candidate:
    base = {"bucket": "768", "rows": 2, "left_s": 1.0, "ahead_s": 0.0, "waited_s": 0.0}
    return Candidate(number=number, **{**base, **values})  # type: ignore[arg-type]


def chosen(candidates: list[Candidate], cap: int) -> list[int]:
    return [one.number for one in choose(candidates, lambda _: cap)]


def test_nobody_waiting_makes_no_step() -> None:
    assert chosen([], 8) == []


def test_the_shortest_request_goes_first() -> None:
    assert chosen([candidate(1, left_s=9.0), candidate(2, left_s=0.5)], 2) == [2]


def test_who_waits_long_enough_overtakes_a_shorter_request() -> None:
    patient = candidate(1, left_s=9.0, waited_s=9.0 / AGEING)
    assert chosen([candidate(2, left_s=0.5), patient], 2) == [1]


def test_who_had_more_than_the_others_stands_behind() -> None:
    greedy = candidate(1, left_s=0.5, ahead_s=3.0)
    assert chosen([greedy, candidate(2, left_s=2.0)], 2) == [2]


def test_equals_go_in_the_order_of_their_arrival() -> None:
    assert chosen([candidate(3), candidate(1), candidate(2)], 4) == [1, 2]


def test_only_those_of_the_first_ones_bucket_join_it() -> None:
    others = candidate(2, bucket="512", left_s=1.5)
    assert chosen([candidate(1), others, candidate(3, left_s=2.0)], 8) == [1, 3]


def test_a_step_is_filled_with_whoever_still_fits() -> None:
    waiting = [candidate(1), candidate(2, left_s=2.0), candidate(3, left_s=3.0, rows=1)]
    assert chosen(waiting, 3) == [1, 3]


def test_the_first_takes_part_even_if_the_cap_is_below_its_rows() -> None:
    assert chosen([candidate(1)], 1) == [1]


@given(
    st.lists(st.tuples(st.floats(0, 100), st.sampled_from((1, 2)), st.sampled_from("ab"))),
    st.integers(1, 32),
)
def test_a_step_has_one_bucket_and_never_more_rows_than_fit(
    waiting: list[tuple[float, int, str]], cap: int
) -> None:
    found = choose(
        [
            candidate(number, left_s=left_s, rows=rows, bucket=bucket)
            for number, (left_s, rows, bucket) in enumerate(waiting)
        ],
        lambda _: cap,
    )
    assert len({one.bucket for one in found}) <= 1
    assert sum(one.rows for one in found) <= max(cap, 2)
    assert bool(found) == bool(waiting)


def test_width_grows_while_a_step_costs_no_more() -> None:
    assert saturation({}) == 2
    assert saturation({2: 1.0}) == 4
    assert saturation({2: 1.0, 4: 1.05}) == 8
    assert saturation({2: 1.0, 4: 1.05, 8: 1.1, 16: 1.2, 32: 1.3}) == 32


def test_width_stops_where_steps_only_get_longer() -> None:
    assert saturation({2: 1.0, 4: 1.95}) == 2
    assert saturation({2: 1.0, 4: 1.2, 8: 2.35}) == 4


def test_a_width_between_the_sizes_that_does_not_pay_is_reason_enough_to_stop() -> None:
    assert saturation({2: 1.0, 4: 1.2, 6: 1.75}) == 4


def test_the_cap_is_what_was_measured_after_a_few_steps() -> None:
    durations = StepDurations()
    assert durations.cap("768") == 2
    for _ in range(4):
        durations.observe("768", 2, 0.010, pixels=768 * 768)
    assert durations.cap("768") == 4
    for _ in range(4):
        durations.observe("768", 4, 0.0199, pixels=768 * 768)
    assert durations.cap("768") == 2


def test_the_first_step_of_a_width_is_not_counted() -> None:
    durations = StepDurations()
    for seconds in (5.0, 0.010, 0.011, 0.010):
        durations.observe("768", 2, seconds, pixels=768 * 768)
    assert durations.row_s("768", 768 * 768) == 0.005


def test_a_shape_that_was_never_drawn_is_estimated_by_its_pixels() -> None:
    durations = StepDurations()
    for _ in range(2):
        durations.observe("512", 2, 0.010, pixels=512 * 512)
    assert durations.row_s("1024", 1024 * 1024) == 0.020


def test_where_memory_ran_out_the_cap_stays_below() -> None:
    durations = StepDurations()
    for rows in SIZES:
        for _ in range(4):
            durations.observe("768", rows, 0.010, pixels=768 * 768)
    assert durations.cap("768") == 32
    durations.limit("768", 4)
    assert durations.cap("768") == 4
    durations.unlimit("768")
    assert durations.cap("768") == 32


def test_a_newcomer_begins_level_with_whoever_had_least() -> None:
    shares = CallerShares()
    shares.enter("ann")
    shares.serve("ann", 7.0)
    shares.enter("bob")
    shares.serve("bob", 2.0)
    assert (shares.ahead_s("ann"), shares.ahead_s("bob")) == (0.0, 2.0)


def test_who_has_nothing_left_to_draw_is_forgotten() -> None:
    shares = CallerShares()
    for caller in ("ann", "bob"):
        shares.enter(caller)
    shares.serve("ann", 7.0)
    assert shares.ahead_s("ann") == 7.0
    shares.leave("bob")
    assert shares.ahead_s("ann") == 0.0
    shares.serve("bob", 1.0)  # a late measurement of someone who left
    assert shares.ahead_s("ann") == 0.0
