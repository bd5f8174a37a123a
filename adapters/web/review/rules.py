"""The rules page: what a community has decided about pictures and words.

Moderators may read it, administrators and the bot's owner change it, through `Administration`,
which checks their rights and writes the audit.
"""

import asyncio
from collections.abc import Collection, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from adapters.web.context import Context, Here, from_our_page
from adapters.web.http.forms import Form, read_form
from adapters.web.review.access import Reviewer, ReviewServices, Services
from adapters.web.review.cases import NOT_KEPT
from adapters.web.review.names import names_in, names_of
from bot.accounts.community_rules import CHANNELS_MAX, changes, rules_of
from bot.domain.asker import Asker
from bot.domain.community_settings import CommunitySettings
from bot.domain.moderation_policy import Flagged
from bot.errors import Conflict
from bot.wording import Sentence, plain
from bot.wording.page import KEPT, NOTHING_CHANGED, UNDONE
from bot.wording.settings.community import unheard

router = APIRouter(prefix="/review/rules")
place = APIRouter(
    prefix="/review/rules/{platform}/{community}", dependencies=[Depends(from_our_page)]
)

# One field for each channel, and a dozen others.
FIELDS_MAX = CHANNELS_MAX + 20


async def there(
    platform: Annotated[str, Path(max_length=20)],
    community: Annotated[str, Path(max_length=40)],
    services: Services,
    asker: Reviewer,
) -> Asker:
    """The asker in the community of the address, with their rights as the platform says."""
    return await services.moderators.with_rights(
        await services.administration.at(asker, platform, community)
    )


There = Annotated[Asker, Depends(there)]


@router.get("")
async def first(here: Here, services: Services, asker: Reviewer) -> Response:
    """Redirect to the asker's own community, the owner to the first one."""
    own = (asker.platform, asker.community)
    if asker.is_owner:
        places = await services.administration.places(asker)
        if not places:
            return await _page(here, asker, {"places": (), "rules": None})
        own = places[0]
    return RedirectResponse("/review/rules/{}/{}".format(*own), status_code=303)


@place.get("")
async def shown(here: Here, services: Services, asker: There) -> Response:
    places = await services.administration.places(asker) if asker.is_owner else ()
    known = await here.studio.community(asker)
    own = (asker.platform, asker.community)
    values = {
        "places": places,
        "rules": rules_of(asker.platform, known),
        "unheard": await _unheard(services, asker, known),
        "names": await _names(services, asker, known),
        "place_names": await names_of(services.platforms, {own, *places}),
    }
    return await _page(here, asker, values)


@place.post("")
async def change(request: Request, here: Here, services: Services, asker: There) -> Response:
    known = await services.administration.settings(asker)
    form = await read_form(request, fields_max=FIELDS_MAX)
    _refuse_unseen(asker, form, known)
    wanted = changes(asker.platform, known, form.values)
    if not wanted:
        return await _form(here, services, asker, known, NOTHING_CHANGED)

    def unless_changed(now_known: CommunitySettings) -> Mapping[str, Any]:
        _refuse_unseen(asker, form, now_known)
        return wanted

    kept = await services.administration.change(asker, unless_changed)
    said = KEPT
    if Flagged.REVIEW in _chosen(wanted) and (deaf := await _unheard(services, asker, kept)):
        said = f"{KEPT} {plain(deaf)}"
    return await _form(here, services, asker, kept, said, undo=True)


@place.post("/undo")
async def undo(request: Request, here: Here, services: Services, asker: There) -> Response:
    known = await services.administration.settings(asker)
    _refuse_unseen(asker, await read_form(request), known)
    undone = await services.administration.undo(asker)
    restored = await services.administration.settings(asker)
    return await _form(here, services, asker, restored, UNDONE[undone])


def _refuse_unseen(asker: Asker, form: Form, known: CommunitySettings) -> None:
    """Raises Conflict if the rules were changed since this browser showed them."""
    if form.text("seen") != rules_of(asker.platform, known).seen:
        raise Conflict("rules")


async def _page(here: Context, asker: Asker, values: dict[str, Any]) -> Response:
    shown = {"asker": asker, "form_token": here.form_token, **values}
    html = await asyncio.to_thread(here.templates.page, "pages/rules.html", shown)
    return HTMLResponse(html, headers=NOT_KEPT)


async def _unheard(services: ReviewServices, asker: Asker, known: CommunitySettings) -> Sentence:
    """What keeps the moderators there from hearing of what waits; () if nothing does."""
    announcer = services.platforms.announcer(asker.platform)
    if announcer is None:
        return ()
    return unheard(known, asker.platform, await announcer.hearing(asker.community))


def _chosen(wanted: Mapping[str, Any]) -> Collection[Any]:
    """The values of what was changed, also for single channels."""
    return [*wanted.values(), *wanted.get("flagged_channels", {}).values()]


async def _names(
    services: ReviewServices, asker: Asker, known: CommunitySettings
) -> Mapping[str, str]:
    """Names by id, of the channels and roles in the rules."""
    ids = (*known.flagged_channels, *known.trusted_roles)
    return await names_in(services.platforms, (asker.platform, asker.community), ids)


async def _form(
    here: Context,
    services: ReviewServices,
    asker: Asker,
    known: CommunitySettings,
    said: str,
    *,
    undo: bool = False,
) -> Response:
    rules, names = rules_of(asker.platform, known), await _names(services, asker, known)
    deaf = await _unheard(services, asker, known)
    html = here.templates.part("parts/rules.html", "form", asker, rules, names, deaf, said, undo)
    return HTMLResponse(html, headers=NOT_KEPT)
