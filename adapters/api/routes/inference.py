"""POST /v1/inference/{org/model}: the native way to draw."""

import asyncio
from contextlib import AsyncExitStack

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from adapters.api.context import Context, Here, Known
from adapters.api.drawings import responses
from adapters.api.drawings.drawings import unwatched
from adapters.api.drawings.progress_events import EventStream, Steps, begun, wants_events
from adapters.api.requests.disconnects import end, while_present
from adapters.api.requests.keys import Caller
from adapters.api.schema import openapi
from adapters.api.schema.errors import Refused
from adapters.api.schema.openapi import ModelName
from adapters.api.schema.schemas import Inference
from bot.domain.model import Model
from bot.errors import NotFound
from bot.request.image_request import ImageRequest


def create_router(model: Model) -> APIRouter:
    """`model` stands for all in the OpenAPI document."""
    router = APIRouter(responses=openapi.NATIVE, tags=["drawing"])

    @router.post(
        "/v1/inference/{model_name:path}",
        responses={200: {"model": Inference, "content": openapi.EVENTS}},
        openapi_extra=openapi.native_body(model),
    )
    async def infer(request: Request, model_name: ModelName, here: Here, caller: Known) -> Response:
        """Draw pictures. With `webhook` the answer is queued at once and the result is posted."""
        name = known_name(here, model_name)
        async with AsyncExitStack() as stack:
            body = await stack.enter_async_context(here.body(request, caller))
            wanted = await here.reader.native(name, body)
            if wanted.webhook:
                return await _queued(here, caller, wanted, stack)
            if wants_events(request):
                return await _streamed(request, here, caller, wanted, stack)
            work = here.drawings.draw(caller.name, wanted, unwatched)
            done = await while_present(request.receive, work)
            return responses.as_json(await responses.encoded(responses.inference, done))

    return router


def known_name(here: Context, name: str) -> str:
    """The name of a model, checked before the body is read. Raises Refused."""
    try:
        return here.catalogue.model(name).name
    except NotFound:
        raise Refused(404, "Model not found", code="model_not_found") from None


async def _queued(
    here: Context, caller: Caller, wanted: ImageRequest, stack: AsyncExitStack
) -> Response:
    wanted = here.drawings.seeded(wanted)
    assert wanted.seed is not None
    await here.webhooks.check(wanted.webhook, caller.name)
    request_id = here.webhooks.start(here.drawings, caller.name, wanted, stack.pop_all())
    return responses.as_json(await responses.encoded(responses.queued, request_id, wanted.seed))


async def _streamed(
    request: Request, here: Context, caller: Caller, wanted: ImageRequest, stack: AsyncExitStack
) -> Response:
    steps = Steps()
    previews = request.query_params.get("preview", "").lower() in ("1", "true", "yes")
    task = asyncio.create_task(here.drawings.draw(caller.name, wanted, steps, previews=previews))
    try:
        await begun(task, steps)
    except BaseException:
        await end(task)
        raise
    return EventStream(task, steps, stack.pop_all())
