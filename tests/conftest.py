import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

# How long an example takes says more of the machine than of us.
settings.register_profile("limner", deadline=None)
settings.load_profile("limner")


@pytest.fixture
def interruptible() -> Iterator[None]:
    """SIGINT reaches the processes that a test starts.

    A shell has what it starts in the background of a script ignore SIGINT, and ignoring is
    inherited: by the suite, and by every process that it starts.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
