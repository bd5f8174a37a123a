"""Terms and Privacy, for everybody."""

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from adapters.web.context import Context, Here
from bot.wording.legal import TITLES

router = APIRouter()


@router.get("/terms")
async def terms(here: Here) -> Response:
    return _page(here, "terms")


@router.get("/privacy")
async def privacy(here: Here) -> Response:
    return _page(here, "privacy")


def _page(here: Context, name: str) -> Response:
    blocks = here.outside.legal.get(name)
    if blocks is None:
        raise HTTPException(404)
    values = {"title": TITLES[name], "blocks": blocks, "others": TITLES}
    return HTMLResponse(here.templates.page("pages/legal.html", values))
