from collections.abc import AsyncIterator

import pytest

from tests.adapters.api.fake_engine import Api, api


@pytest.fixture
async def here() -> AsyncIterator[Api]:
    async with api() as opened:
        yield opened
