"""The images API in OpenAI's shape: generations, edits, variations."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from adapters.api.context import Context, Here, Known
from adapters.api.drawings import responses
from adapters.api.drawings.drawings import unwatched
from adapters.api.requests.body import Body
from adapters.api.requests.disconnects import while_present
from adapters.api.requests.keys import Caller
from adapters.api.schema import openapi
from adapters.api.schema.schemas import OpenAIPictures
from bot.domain.model import Model
from bot.request.image_request import ImageRequest

PREFIXES = ("/v1/openai/images", "/v1/images")


def create_router(model: Model) -> APIRouter:
    """`model` stands for all in the OpenAPI document."""
    router = APIRouter(responses=openapi.OPENAI, tags=["drawing, as OpenAI has it"])

    async def generations(request: Request, here: Here, caller: Known) -> Response:
        """Draw pictures from a description."""
        return await _drawn(request, here, caller, here.reader.generation)

    async def edits(request: Request, here: Here, caller: Known) -> Response:
        """Draw a picture anew from a description."""
        return await _drawn(
            request, here, caller, lambda body: here.reader.edit(body, prompt_needed=True)
        )

    async def variations(request: Request, here: Here, caller: Known) -> Response:
        """Draw something like a picture."""
        return await _drawn(
            request, here, caller, lambda body: here.reader.edit(body, prompt_needed=False)
        )

    for prefix in PREFIXES:
        for handle, picture, prompt in (
            (generations, False, True),
            (edits, True, True),
            (variations, True, False),
        ):
            router.add_api_route(
                f"{prefix}/{handle.__name__}",
                handle,
                methods=["POST"],
                responses={200: {"model": OpenAIPictures}},
                openapi_extra=openapi.openai_body(model, picture=picture, prompt_needed=prompt),
            )
    return router


async def _drawn(
    request: Request,
    here: Context,
    caller: Caller,
    read: Callable[[Body], Awaitable[ImageRequest]],
) -> Response:
    async with here.body(request, caller) as body:
        wanted = await read(body)
        work = here.drawings.draw(caller.name, wanted, unwatched)
        done = await while_present(request.receive, work)
        created = int(here.clock.now().timestamp())
        return responses.as_json(await responses.encoded(responses.openai, done, created))
