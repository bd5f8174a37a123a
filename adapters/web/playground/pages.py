"""Pages of single results, and their pictures."""

from typing import Annotated

from fastapi import APIRouter, Header, Path
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from adapters.web.context import Context, Here, Reader
from adapters.web.rendering.cards import THUMBNAIL_SIDES_PX
from bot.domain.asker import Asker
from bot.domain.job import read_public_id
from bot.domain.job_view import JobView, PictureView
from bot.errors import NotYours, SignInNeeded

router = APIRouter()

PublicId = Annotated[str, Path(max_length=20)]
Number = Annotated[int, Path(ge=1, le=4)]
# A picture never changes at its address, but who may see it does: not for shared caches.
CACHE = "private, max-age=31536000, immutable"


@router.get("/j/{public_id}")
async def result(public_id: PublicId, here: Here, asker: Reader) -> Response:
    view = await _seen(here, asker, public_id)
    return HTMLResponse(here.templates.page("pages/result.html", {"view": view}))


@router.get("/p/{public_id}/{number}")
async def original(
    public_id: PublicId,
    number: Number,
    here: Here,
    asker: Reader,
    request: Request,
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    view = await _seen(here, asker, public_id)
    headers = _headers(f'"{_visible(view, number).sha256}"')
    if if_none_match == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    file = await here.studio.file(asker, view.public_id, number)
    kind = "attachment" if "download" in request.query_params else "inline"
    headers["Content-Disposition"] = f'{kind}; filename="{_plain_name(file.name)}"'
    return Response(file.data, media_type=file.media_type, headers=headers)


@router.get("/t/{public_id}/{number}/{side_px}")
async def thumbnail(
    public_id: PublicId,
    number: Number,
    side_px: int,
    here: Here,
    asker: Reader,
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    if side_px not in THUMBNAIL_SIDES_PX:
        raise HTTPException(404)
    view = await _seen(here, asker, public_id)
    headers = _headers(f'"{_visible(view, number).sha256}-{side_px}"')
    if if_none_match == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    data = await here.studio.thumbnail(asker, view.public_id, number, side_px)
    return Response(data, media_type="image/webp", headers=headers)


async def _seen(here: Context, asker: Asker, public_id: str) -> JobView:
    """The job as `asker` may see it; a visitor is asked to sign in where that may help."""
    try:
        return await here.studio.show(asker, read_public_id(public_id))
    except NotYours:
        if asker.is_owner:
            raise
        raise SignInNeeded from None


def _visible(view: JobView, number: int) -> PictureView:
    for picture in view.pictures:
        if picture.number == number:
            return picture
    raise HTTPException(404)


def _headers(etag: str) -> dict[str, str]:
    return {"ETag": etag, "Cache-Control": CACHE}


def _plain_name(name: str) -> str:
    return "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in name)
