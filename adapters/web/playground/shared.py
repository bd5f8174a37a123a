"""Who else can see a result: the owner decides it on its page; outsiders report what they see."""

from dataclasses import replace

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from adapters.web.context import Context, Here, Name, Owner, Seen, seen_by
from adapters.web.http.forms import read_sign_in
from adapters.web.rendering.templates import sentence
from bot.domain.case import REASON_MAX_CHARS, Category
from bot.domain.community_settings import Sharing, sharing_at
from bot.domain.job_view import JobView
from bot.errors import Conflict
from bot.wording.moderation import reports
from bot.wording.page import NO_MORE_REPORTS, SHARING, TOO_MANY_REPORTS

router = APIRouter()


async def page_of(here: Context, seen: Seen, view: JobView, *, said: str = "") -> str:
    """A result's page; `said` is what became of a report."""
    values = {
        "view": view,
        "name": seen.name,
        "is_owner": seen.asker.is_owner,
        "sharing": await _sharing(here, view) if seen.asker.is_owner else None,
        "said": said,
        "categories": reports.choices(),
        "read_by": reports.FROM_OUTSIDE,
        "reason_max_chars": REASON_MAX_CHARS,
        "contact": here.outside.contact,
    }
    return here.templates.page("pages/result.html", values)


async def _sharing(here: Context, view: JobView) -> tuple[Sharing, str] | None:
    """What holds in the result's community, and what that means; None for a page without links."""
    if here.outside.shared.address is None:
        return None
    holds = sharing_at(view.platform, await here.studio.community(view.asker))
    return holds, SHARING["private" if view.private else holds]


@router.post("/j/{name}/sharing")
async def share(name: Name, request: Request, here: Here, asker: Owner) -> Response:
    """Set who can see results of this one's community."""
    view = await here.studio.show(asker, name)
    try:
        wanted = Sharing((await read_sign_in(request)).text("sharing"))
    except ValueError:
        raise HTTPException(400) from None
    there = replace(asker, platform=view.platform, community=view.community)
    await here.outside.administration.change(there, {"sharing": wanted})
    return RedirectResponse(f"/j/{view.public_id}", status_code=303)


@router.post("/j/{name}/report")
async def report(name: Name, request: Request, here: Here) -> Response:
    """A report by somebody without an account. The form needs no script."""
    seen = await seen_by(request, here, name)
    if not here.reports.allow(here.site.address_of(request.scope)):
        raise HTTPException(429, TOO_MANY_REPORTS)
    form = await read_sign_in(request)
    try:
        category = Category(form.text("category"))
    except ValueError:
        raise HTTPException(400) from None
    try:
        new = await here.outside.reactions.report(
            seen.asker, seen.public_id, form.text("reason"), category
        )
    except Conflict:
        raise HTTPException(429, NO_MORE_REPORTS) from None
    view = await here.studio.show(seen.asker, seen.public_id)
    said = sentence(reports.reported_from_outside(new=new))
    return HTMLResponse(await page_of(here, seen, view, said=said))
