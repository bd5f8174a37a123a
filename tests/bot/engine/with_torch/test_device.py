"""What "auto" means, and what is said of a device that isn't there."""

import pytest
import torch

from bot.engine.runtime.device import pick


@pytest.mark.parametrize(
    ("device", "dtype", "there", "found"),
    [
        ("auto", "auto", 0, ("cpu", torch.float32)),
        ("auto", "auto", 1, ("cuda", torch.float16)),
        ("cpu", "auto", 1, ("cpu", torch.float32)),
        ("cuda:1", "bfloat16", 2, ("cuda:1", torch.bfloat16)),
    ],
)
def test_auto_takes_the_gpu_and_half_precision_there(
    device: str, dtype: str, there: int, found: tuple[str, torch.dtype]
) -> None:
    assert pick(device, dtype, there=there) == (torch.device(found[0]), found[1])


@pytest.mark.parametrize(
    ("device", "there", "sentence"),
    [
        ("tpu", 1, 'The device "tpu" is none of auto, cpu, cuda and cuda:NUMBER.'),
        ("cuda:", 1, 'The device "cuda:" is none of auto, cpu, cuda and cuda:NUMBER.'),
        (
            "cuda",
            0,
            "The device cuda can't be used: this machine, or its torch, has no GPU.",
        ),
        ("cuda:2", 2, "The device cuda:2 isn't there: the last one is cuda:1."),
    ],
)
def test_a_device_that_isnt_there_is_said_so(device: str, there: int, sentence: str) -> None:
    with pytest.raises(ValueError, match="device") as caught:
        pick(device, "auto", there=there)
    assert str(caught.value) == sentence
