"""What every route is given."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPBearer
from starlette.requests import Request

from adapters.api.drawings.costs import Costs
from adapters.api.drawings.drawings import Drawings
from adapters.api.drawings.webhooks import Webhooks
from adapters.api.requests.body import Body, read_body
from adapters.api.requests.body_memory import BodyMemory
from adapters.api.requests.keys import Caller, Keys
from adapters.api.requests.metrics import Metrics
from adapters.api.requests.request_reader import Reader
from adapters.incoming import Patience
from bot.domain.catalogue import Catalogue
from bot.ports import Clock, Engine


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    engine: Engine
    catalogue: Catalogue
    keys: Keys
    memory: BodyMemory
    patience: Patience
    reader: Reader
    drawings: Drawings
    webhooks: Webhooks
    costs: Costs
    metrics: Metrics
    clock: Clock

    @asynccontextmanager
    async def body(self, request: Request, caller: Caller) -> AsyncIterator[Body]:
        """The request's body; within the block it holds a place and its share of memory."""
        with caller.place(), self.memory.share() as share:
            yield await read_body(request, share, self.patience)


def context_of(request: Request) -> Context:
    found = request.app.state.context
    assert isinstance(found, Context)
    return found


# For the OpenAPI document only; `Keys` reads the header itself.
_BEARER = HTTPBearer(auto_error=False, description="a key; xi-api-key may carry it, too")


def caller_of(request: Request, _: Annotated[object, Depends(_BEARER)]) -> Caller:
    """Who calls, checked before the body is read. Raises Refused."""
    return context_of(request).keys.caller(request.headers)


Here = Annotated[Context, Depends(context_of)]
Known = Annotated[Caller, Depends(caller_of)]
