"""A table is a scheduler: it gives the same numbers, and says where it can't."""

import pytest
import torch

from bot.engine.sampling.scheduler_table import NotLinear, Tables, begin_of, compile_table
from tests.bot.engine.with_torch.schedulers import DETERMINISTIC, WITHOUT_TABLE, scheduler_called


@pytest.mark.parametrize(
    ("name", "history"),
    [
        ("DDIM", 1),
        ("Euler", 1),
        ("Euler Karras", 1),
        ("DPM++ 2M", 2),
        ("DPM++ 2M Karras", 2),
        ("DPM++ 3M", 3),
        ("UniPC", 3),
        ("PNDM", 4),
        ("Heun", 2),
        ("KDPM2", 2),
        ("DEIS", 2),
        ("DPM singlestep", 2),
    ],
)
def test_each_scheduler_looks_back_as_far_as_its_authors_say(name: str, history: int) -> None:
    assert compile_table(scheduler_called(name), 25).history == history


@pytest.mark.parametrize("steps", [3, 7, 25])
@pytest.mark.parametrize("name", WITHOUT_TABLE)
def test_noise_and_clipping_are_noticed_however_few_the_steps(name: str, steps: int) -> None:
    with pytest.raises(NotLinear):
        compile_table(scheduler_called(name), steps)


@pytest.mark.parametrize("name", DETERMINISTIC)
def test_a_strength_that_leaves_nothing_leaves_no_step(name: str) -> None:
    for strength in (0.0, 0.19):
        table = compile_table(scheduler_called(name), 5, strength)
        assert (table.steps, table.image_scale, table.noise_scale) == (0, 1.0, 0.0)


def test_the_most_steps_and_a_single_one_have_tables() -> None:
    scheduler = scheduler_called("DPM++ 2M")
    assert compile_table(scheduler, 512).steps == 512
    assert compile_table(scheduler, 1).steps == 1


def test_a_starting_picture_skips_the_steps_that_the_stock_pipeline_skips() -> None:
    found = [begin_of(25, strength) for strength in (None, 1.0, 0.8, 0.5, 0.04, 0.0)]
    assert found == [0, 0, 5, 13, 24, 25]


def test_nobody_elses_chance_is_moved() -> None:
    before = torch.random.get_rng_state()
    for name in WITHOUT_TABLE:
        Tables().get(scheduler_called(name), 7, None)
    assert torch.equal(before, torch.random.get_rng_state())


def test_a_scheduler_that_has_been_used_has_the_same_table() -> None:
    fresh, used = scheduler_called("UniPC"), scheduler_called("UniPC")
    used.set_timesteps(9)
    for time in used.timesteps[:4]:
        used.step(torch.ones(1, 1, 1, 1), time, torch.ones(1, 1, 1, 1))
    assert torch.equal(compile_table(used, 7).rows, compile_table(fresh, 7).rows)


def test_tables_are_kept_and_the_oldest_goes() -> None:
    tables, scheduler = Tables(kept=2), scheduler_called("DDIM")
    first = tables.get(scheduler, 5, None)
    tables.get(scheduler, 6, None)
    assert tables.get(scheduler, 5, None) is first
    tables.get(scheduler, 5, 0.6)
    assert tables.get(scheduler, 5, None) is first
    tables.get(scheduler, 7, None)
    tables.get(scheduler, 8, None)
    assert tables.get(scheduler, 5, None) is not first


def test_strengths_that_skip_equally_much_share_a_table() -> None:
    tables, scheduler = Tables(), scheduler_called("DDIM")
    assert tables.get(scheduler, 5, 0.61) is tables.get(scheduler, 5, 0.79)


def test_one_kind_with_other_settings_has_a_table_of_its_own() -> None:
    tables = Tables()
    plain = tables.get(scheduler_called("Euler"), 5, None)
    assert tables.get(scheduler_called("Euler Karras"), 5, None) is not plain
