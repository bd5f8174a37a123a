"""torch.compile makes steps faster where it can be had, and is never a reason for failure."""

import logging
from functools import partial
from typing import Any

import pytest
import torch

from bot.engine.models.compiled import Compiled


def no_compiler(graph: Any, inputs: Any) -> Any:
    raise RuntimeError("no compiler on this machine")


class Halves(torch.nn.Module):  # type: ignore[misc]  # torch is not followed
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if len(x) > 3:
            raise ValueError("too many")
        return x / 2


def test_more_shapes_are_compiled_than_torch_keeps_by_itself() -> None:
    seen: list[int] = []

    def compiler(graph: Any, inputs: Any) -> Any:
        seen.append(len(inputs[0]))
        return graph.forward

    model = Compiled(Halves(), partial(torch.compile, backend=compiler))
    widths = range(4, 40)
    for width in widths:
        assert torch.equal(model(torch.ones(2, width)), torch.ones(2, width) / 2)
    assert len(seen) == len(widths)


def test_without_a_compiler_the_model_goes_on_and_it_is_said_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    model = Compiled(Halves(), partial(torch.compile, backend=no_compiler))
    with caplog.at_level(logging.WARNING):
        found = [model(torch.tensor([width])).item() for width in (2.0, 4.0)]
    assert found == [1.0, 2.0]
    (said,) = [record.getMessage() for record in caplog.records if "bot" in record.name]
    assert said.startswith("torch.compile can't be had, steps run without: ")
    assert "no compiler on this machine" in said


def test_a_fault_of_the_model_is_no_fault_of_the_compiler(caplog: pytest.LogCaptureFixture) -> None:
    model = Compiled(Halves(), partial(torch.compile, backend="eager"))
    with pytest.raises(ValueError, match="too many"):
        model(torch.zeros(4))
    assert model(torch.tensor([2.0])).item() == 1.0
    assert not [record for record in caplog.records if record.name == "bot.engine.models.compiled"]
