"""Pages of single results, and their pictures."""

from typing import Annotated

from fastapi import APIRouter, Header, Path
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from adapters.web.context import Here, Name, seen_by
from adapters.web.playground.shared import page_of
from adapters.web.rendering.cards import THUMBNAIL_SIDES_PX
from bot.domain.job_view import JobView, PictureView

router = APIRouter()

Number = Annotated[int, Path(ge=1, le=4)]


@router.get("/j/{name}")
async def result(name: Name, request: Request, here: Here) -> Response:
    seen = await seen_by(request, here, name)
    view = await here.studio.show(seen.asker, seen.public_id)
    return HTMLResponse(await page_of(here, seen, view))


@router.get("/p/{name}/{number}")
async def original(
    name: Name,
    number: Number,
    request: Request,
    here: Here,
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    seen = await seen_by(request, here, name)
    view = await here.studio.show(seen.asker, seen.public_id)
    headers = {"ETag": f'"{_visible(view, number).sha256}"'}
    if if_none_match == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    file = await here.studio.file(seen.asker, view.public_id, number)
    kind = "attachment" if "download" in request.query_params else "inline"
    headers["Content-Disposition"] = f'{kind}; filename="{_plain_name(file.name)}"'
    return Response(file.data, media_type=file.media_type, headers=headers)


@router.get("/t/{name}/{number}/{side_px}")
async def thumbnail(
    name: Name,
    number: Number,
    side_px: int,
    request: Request,
    here: Here,
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    seen = await seen_by(request, here, name)
    if side_px not in THUMBNAIL_SIDES_PX:
        raise HTTPException(404)
    view = await here.studio.show(seen.asker, seen.public_id)
    headers = {"ETag": f'"{_visible(view, number).sha256}-{side_px}"'}
    if if_none_match == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    data = await here.studio.thumbnail(seen.asker, view.public_id, number, side_px)
    return Response(data, media_type="image/webp", headers=headers)


def _visible(view: JobView, number: int) -> PictureView:
    for picture in view.pictures:
        if picture.number == number:
            return picture
    raise HTTPException(404)


def _plain_name(name: str) -> str:
    return "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in name)
