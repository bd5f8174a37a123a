"""Which schedulers can be had, and what is said of the others when the engine starts."""

from pathlib import Path

import diffusers
import pytest

from bot.engine.sampling.schedulers import NAMES, named
from tests.bot.engine.with_torch.schedulers import DETERMINISTIC, WITHOUT_TABLE, scheduler_called

NEEDS_MORE = {"LMSDiscreteScheduler"}  # scipy, which nothing else here needs
OWN = scheduler_called("DDIM")


def test_all_that_can_be_had_are_held_against_their_stock_pipelines() -> None:
    held = {kind for kind, _ in [*DETERMINISTIC.values(), *WITHOUT_TABLE.values()]}
    assert held | NEEDS_MORE == set(NAMES)


@pytest.mark.parametrize("name", sorted({*NAMES} - NEEDS_MORE))
def test_each_is_had_by_its_name_with_the_models_settings(name: str) -> None:
    found = named(name, OWN)
    assert type(found).__name__ == name
    assert found.config.beta_end == OWN.config.beta_end
    assert found.config.prediction_type == "v_prediction"


def test_without_a_name_it_is_the_models_own() -> None:
    assert named("", OWN) is OWN


@pytest.mark.parametrize(
    "name", ["FlowMatchEulerDiscreteScheduler", "Euler", "StableDiffusionPipeline", "torch"]
)
def test_another_is_refused_with_those_that_can_be_had(name: str) -> None:
    with pytest.raises(ValueError, match="none that the engine draws with") as caught:
        named(name, OWN)
    assert str(caught.value) == (
        f'The scheduler "{name}" is none that the engine draws with. It knows {", ".join(NAMES)}.'
    )


def test_a_model_whose_own_can_not_be_had_is_told_what_to_set() -> None:
    own = diffusers.FlowMatchEulerDiscreteScheduler()
    with pytest.raises(ValueError, match="Set ENGINE_SCHEDULER to one of them") as caught:
        named("", own)
    assert str(caught.value).startswith(
        "The model's own scheduler, FlowMatchEulerDiscreteScheduler, is none that"
    )


def test_one_that_does_not_fit_is_said_so_at_the_start() -> None:
    own = diffusers.DDPMScheduler.from_config(OWN.config, prediction_type="flow")
    with pytest.raises(ValueError, match="The scheduler DDPMScheduler can't be used here: "):
        named("", own)


def test_the_documentation_names_each() -> None:
    text = (Path(__file__).parents[4] / "docs" / "engine.md").read_text("utf-8")
    assert [name for name in NAMES if f"`{name}`" not in text] == []
