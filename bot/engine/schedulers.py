"""A scheduler by the name of its diffusers class, with the settings of the model's own."""

from typing import Any

import diffusers

from bot.engine.failures import in_words


def named(name: str, own: Any) -> Any:
    """`own` for "", else the class called `name` with the configuration of `own`.

    Raises ValueError with a sentence.
    """
    if not name:
        return own
    found: Any = getattr(diffusers, name, None) if name.endswith("Scheduler") else None
    if not hasattr(found, "from_config"):
        raise ValueError(
            f'The scheduler "{name}" is none of diffusers\' classes; EulerDiscreteScheduler and '
            "DPMSolverMultistepScheduler are two of them."
        )
    try:
        return found.from_config(own.config)
    except Exception as error:  # needs scipy, or does not fit the model
        raise ValueError(f"The scheduler {name} can't be used here: {in_words(error)}") from error
