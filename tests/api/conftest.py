from collections.abc import AsyncIterator

import pytest

from tests.api.easel import Api, api


@pytest.fixture
async def here() -> AsyncIterator[Api]:
    async with api() as opened:
        yield opened
