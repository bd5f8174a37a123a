"""A key's limit, the costs of its requests, and the server's health."""

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from adapters.api.context import Here, Known
from adapters.api.drawings.progress_events import MEDIA_TYPE
from adapters.api.schema import openapi
from adapters.api.schema.errors import wrong_field
from adapters.api.schema.schemas import Cost, CostsFound, CostsWanted, Health, RateLimit

router = APIRouter()

_REFUSALS: openapi.Responses = {status: openapi.NATIVE[status] for status in (401, 403, 503)}


@router.post(
    "/v1/request-costs",
    responses={200: {"model": CostsFound}, **openapi.NATIVE},
    openapi_extra=openapi.json_body(CostsWanted.model_json_schema()),
    tags=["account"],
)
async def request_costs(request: Request, here: Here, caller: Known) -> CostsFound:
    """What requests of this key cost. Those that are unknown, or too old, are left out."""
    async with here.body(request, caller) as body:
        try:
            wanted = CostsWanted.model_validate(dict(body.fields))
        except ValidationError:
            words = "requestIds is a list of up to 1000 request ids."
            raise wrong_field("requestIds", words, "invalid") from None
    found = {each: here.costs.of(caller.name, each) for each in wanted.request_ids}
    return CostsFound(
        requests=[
            Cost(requestId=each, costNanoUsd=nanos)
            for each, nanos in found.items()
            if nanos is not None
        ]
    )


@router.get("/v1/me/rate_limit", responses=_REFUSALS, tags=["account"])
async def rate_limit(caller: Known) -> RateLimit:
    """How many requests this key may have open."""
    return RateLimit(rate_limit=caller.at_once)


@router.get(
    "/health",
    tags=["server"],
    responses={200: {"model": Health}, 503: {"model": Health, "description": "it doesn't draw"}},
)
async def health(here: Here) -> JSONResponse:
    """200 while it draws. `progress` announces that it reports how far it is."""
    engine = here.engine.health()
    good = bool(engine.get("ok"))
    about = {"server": "limner", "progress": MEDIA_TYPE}
    return JSONResponse({**engine, **about, "ok": good}, 200 if good else 503)


@router.get(
    "/metrics",
    tags=["server"],
    response_class=PlainTextResponse,
    responses=openapi.in_json(401, 403, 503),
)
async def metrics(here: Here, caller: Known) -> Response:  # noqa: ARG001  (a key is needed)
    """Numbers for Prometheus."""
    gauges: dict[str, float] = {
        "requests_open": sum(each.open for each in here.keys.callers),
        "drawings_running": here.drawings.running,
        "webhooks_open": here.webhooks.open,
        "bodies_bytes": here.memory.held_bytes,
    }
    text = here.metrics.text(gauges, here.engine.health())
    return PlainTextResponse(text, media_type="text/plain; version=0.0.4; charset=utf-8")
