"""The rules page: what a community decided about pictures and words, beside the review queue.

Its moderators read it. Its administrators, and the bot's owner, change it: all of that goes through
`Administration`, which checks, and writes the audit.
"""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from adapters.web.context import Context, Here, from_our_page
from adapters.web.forms import Form, read_form
from adapters.web.moderators import Reviewer, Rooms
from adapters.web.review import NOT_KEPT
from bot.asker import Asker
from bot.communities import CommunitySettings
from bot.errors import Conflict
from bot.rules import CHANNELS_MAX, changes, rules_of

router = APIRouter(prefix="/review/rules")
place = APIRouter(
    prefix="/review/rules/{platform}/{community}", dependencies=[Depends(from_our_page)]
)

# One for each channel, and a dozen others.
FIELDS_MAX = CHANNELS_MAX + 20
_UNDONE = {
    "settings": "Taken back: the rules are as before.",
    "block": "The last thing done here was a block. It is lifted; the rules are as they were.",
}


async def there(
    platform: Annotated[str, Path(max_length=20)],
    community: Annotated[str, Path(max_length=40)],
    rooms: Rooms,
    asker: Reviewer,
) -> Asker:
    """Who asks, in the community of the address, with what the platform says they are there."""
    return await rooms.moderators.with_rights(
        await rooms.administration.at(asker, platform, community)
    )


There = Annotated[Asker, Depends(there)]


@router.get("")
async def first(here: Here, rooms: Rooms, asker: Reviewer) -> Response:
    """One's own community; to the owner the first of all."""
    own = (asker.platform, asker.community)
    if asker.is_owner:
        places = await rooms.administration.places(asker)
        if not places:
            return await _page(here, asker, {"places": (), "rules": None})
        own = places[0]
    return RedirectResponse("/review/rules/{}/{}".format(*own), status_code=303)


@place.get("")
async def shown(here: Here, rooms: Rooms, asker: There) -> Response:
    places = await rooms.administration.places(asker) if asker.is_owner else ()
    rules = rules_of(asker.platform, await here.studio.community(asker))
    return await _page(here, asker, {"places": places, "rules": rules})


@place.post("")
async def change(request: Request, here: Here, rooms: Rooms, asker: There) -> Response:
    known = await rooms.administration.settings(asker)
    form = await read_form(request, fields_max=FIELDS_MAX)
    _refuse_unseen(asker, form, known)
    wanted = changes(asker.platform, known, form.values)
    if not wanted:
        return _form(here, asker, known, "Nothing was different, so nothing was changed.")
    kept = await rooms.administration.change(asker, wanted)
    return _form(here, asker, kept, "Kept. This holds from the next picture on.", undo=True)


@place.post("/undo")
async def undo(request: Request, here: Here, rooms: Rooms, asker: There) -> Response:
    known = await rooms.administration.settings(asker)
    _refuse_unseen(asker, await read_form(request), known)
    undone = await rooms.administration.undo(asker)
    return _form(here, asker, await rooms.administration.settings(asker), _UNDONE[undone])


def _refuse_unseen(asker: Asker, form: Form, known: CommunitySettings) -> None:
    """Raises Conflict where somebody else changed what this browser shows."""
    if form.text("seen") != rules_of(asker.platform, known).seen:
        raise Conflict("rules")


async def _page(here: Context, asker: Asker, values: dict[str, Any]) -> Response:
    shown = {"asker": asker, "form_token": here.form_token, **values}
    html = await asyncio.to_thread(here.templates.page, "pages/rules.html", shown)
    return HTMLResponse(html, headers=NOT_KEPT)


def _form(
    here: Context, asker: Asker, known: CommunitySettings, said: str, *, undo: bool = False
) -> Response:
    rules = rules_of(asker.platform, known)
    html = here.templates.part("parts/rules.html", "form", asker, rules, said, undo)
    return HTMLResponse(html, headers=NOT_KEPT)
