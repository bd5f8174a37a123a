"""Shows withheld pictures to one moderator: first blurred, then as they are.

They are shown in a form, which nobody else sees; their files are deleted when it is closed, and at
the latest after ten minutes. Who saw a picture as it is goes into the audit log.
"""

from adapters.chat import case_controls
from adapters.chat.custom_ids import CaseId
from adapters.slack.context import Context
from adapters.slack.delivery.remote_files import REVEALED_FOR, Use
from adapters.slack.delivery.uploads import BLOCKS_AGAIN_S, FILE_MAX_BYTES, FILE_TYPES
from adapters.slack.forms import modals
from adapters.slack.forms.modals import View
from adapters.slack.platform.call import Call
from adapters.slack.rendering import blocks, case_card
from adapters.slack.rendering.blocks import Block
from adapters.slack.rendering.job_card import PROMPT_SHOWN_MAX_CHARS
from adapters.slack.rendering.markup import sentence
from bot.domain.asker import Asker
from bot.domain.case import Case
from bot.domain.remote_file import SeenBy
from bot.errors import PlatformAway
from bot.images.result import PictureType
from bot.picture_file import File
from bot.wording import Sentence, labels
from bot.wording.moderation import cases

CALLBACK = "reveal"


async def on_press(here: Context, call: Call, pressed: CaseId, *, view: str) -> None:
    """Open a form with the blurred pictures, or show in it one picture as it is."""

    async def build() -> View:
        asker = await here.moderator(call)
        if pressed.verb == "bare":
            return await _as_it_is(here, call, asker, pressed, view)
        return await _out_of_focus(here, call, asker, pressed.case, view)

    view = view or await modals.begun(here, call, cases.ONLY_FOR_YOU)
    if not await modals.updated(
        here, call, view, build, cases.ONLY_FOR_YOU, again_s=BLOCKS_AGAIN_S
    ):
        await end(here, call, view)


async def end(here: Context, call: Call, view: str) -> None:
    """Delete a form's files: it was closed, or shows something else."""
    await here.remote_files.end(call.team, _holder(view))


async def replace(here: Context, call: Call, view: str, case: Case) -> None:
    """Show the case's state in place of what was revealed."""
    await end(here, call, view)
    client = await here.clients.client_for(call.team)
    first, *rest = case_card.card(case, here.services.clock.now())
    shown = modals.notice(cases.ONLY_FOR_YOU, str(first["text"]["text"]), *rest)
    await modals.update(client, view_id=view, view=shown)


async def _out_of_focus(here: Context, call: Call, asker: Asker, case_id: str, view: str) -> View:
    reviews = here.services.reviews
    prompt = await reviews.prompt(asker, case_id)
    case = await reviews.case(asker, case_id)
    made: list[Block] = []
    for number in [each.number for each in case.pictures if each.there]:
        data = await reviews.blurred(asker, case_id, number, PictureType.JPEG)
        file = File(data=data, name=f"blurred-{number}.jpg", media_type=PictureType.JPEG)
        made.append(await _picture(here, call, view, case, number, file, cases.blurred(number)))
    words = cases.revealed(case, prompt, PROMPT_SHOWN_MAX_CHARS)
    return _view(case, words, made, case_controls.bare(case))


async def _as_it_is(here: Context, call: Call, asker: Asker, pressed: CaseId, view: str) -> View:
    """A form with one picture; the audit log notes first who sees it."""
    reviews, number = here.services.reviews, pressed.picture or 1
    found = await reviews.reveal(
        asker, pressed.case, number, limit_bytes=FILE_MAX_BYTES, types=FILE_TYPES
    )
    case = await reviews.case(asker, pressed.case)
    await end(here, call, view)
    name = f"case-{case.id}-{number}{PictureType(found.media_type).suffix}"
    file = File(data=found.data, name=name, media_type=found.media_type)
    shown = await _picture(here, call, view, case, number, file, labels.picture(number))
    back = [case_controls.control(case, "reveal", cases.BLUR_AGAIN)]
    return _view(case, cases.seen_bare(case, number), [shown], back)


async def _picture(
    here: Context, call: Call, view: str, case: Case, number: int, file: File, alt: str
) -> Block:
    """Upload a picture. Raises as `upload`, and PlatformAway where Slack takes too long."""
    client = await here.clients.client_for(call.team)
    use = Use(
        holder=_holder(view),
        seen_by=SeenBy.MODERATOR,
        job=case.job,
        numbers=(number,),
        span=REVEALED_FOR,
    )
    (uploaded,) = await here.remote_files.upload(client, call.team, [(file, use)])
    if not uploaded.ready and not await here.uploads.ready(client, [uploaded.file]):
        raise PlatformAway
    return blocks.image(uploaded.file, alt)


def _view(case: Case, words: Sentence, pictures: list[Block], more: case_controls.Row) -> View:
    rows = case_card.rows([more, *case_controls.decisions(case)])
    made = modals.notice(cases.ONLY_FOR_YOU, sentence(words), *pictures, *rows)
    return {**made, "callback_id": CALLBACK, "notify_on_close": True}


def _holder(view: str) -> str:
    return f"view:{view}"
