"""The commands that draw nothing; only the one who asked sees the answer."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.actions.replies import answer, say_in_private, whisper
from adapters.slack.context import Context
from adapters.slack.delivery.card_address import CardAddress
from adapters.slack.delivery.remote_files import SHOWN_FOR, Sending, Use
from adapters.slack.delivery.sheets import Sheet, file_of
from adapters.slack.platform import limits
from adapters.slack.platform.call import Call
from adapters.slack.platform.web_api import code_of
from adapters.slack.rendering import blocks, job_card
from adapters.slack.rendering.blocks import Block
from adapters.slack.rendering.markup import code_blocks, sentence
from bot.domain.asker import SLACK, Asker
from bot.domain.job_view import JobView, Phase
from bot.domain.remote_file import SeenBy
from bot.errors import NotFound, PlatformRefuses
from bot.jobs.drafts import CardPlace
from bot.picture_file import File
from bot.request.commands import IMAGINE
from bot.wording import Sentence, labels
from bot.wording import answers as said
from bot.wording import help as help_words
from bot.wording.budgets import cost

# 12,000 characters a message: the longest command takes four of the five that Slack allows.
SECTIONS_AT_ONCE = 4
ARCHIVE_MAX_BYTES = 100 * 1024 * 1024


async def files(here: Context, call: Call, asker: Asker, job: str) -> None:
    """Upload the pictures as files to the person's private messages. Raises BotError."""
    studio = here.services.studio
    view = await studio.show(asker, job)
    client = await here.clients.client_for(call.team)
    got = await client.conversations_open(users=call.person)
    holder = f"files:{view.key}:{call.person}"
    sending: list[Sending] = []
    for picture in view.pictures:
        file = await studio.file(asker, job, picture.number)
        use = Use(holder=holder, seen_by=SeenBy.ONE, job=view.key, numbers=(picture.number,))
        sending.append((file, use))
    if sending:
        channel = str(got["channel"]["id"])
        with _offering_the_page(here, asker, view):
            await here.remote_files.upload(client, call.team, sending, channel=channel)
    await answer(here, call, said.files_sent(job, len(sending)))


async def parameters(here: Context, call: Call, asker: Asker, job: str) -> None:
    """Show every parameter that is needed to draw the same result again."""
    studio = here.services.studio
    view = await studio.show(asker, job)
    request = await studio.request_of(asker, job)
    command = said.exact_command(request, view)
    words = sentence(said.parameters(view, own=asker.person == view.person))
    parts = code_blocks(command, limits.TEXT_MAX_CHARS)
    made = [blocks.section(words), *map(blocks.section, parts)]
    if notes := _notes_of(command, len(parts)):
        made.append(blocks.small(*map(sentence, notes)))
    for first in range(0, len(made), SECTIONS_AT_ONCE):
        some = made[first : first + SECTIONS_AT_ONCE]
        await whisper(here, call, sentence(said.parameters_title(view.public_id)), some)


def _notes_of(command: str, parts: int) -> list[Sentence]:
    """What code blocks don't show of a command: that it is in parts, or has other marks."""
    several = [said.parts_note(parts)] if parts > 1 else []
    return [*several, *([said.TICKS_NOTE] if "```" in command else [])]


async def favourite(here: Context, call: Call, asker: Asker, job: str) -> None:
    kept = await here.services.reactions.favour(asker, job)
    await answer(here, call, said.favoured(job, SLACK, kept=kept))


async def share(here: Context, call: Call, asker: Asker, job: str) -> None:
    """Post a private result in the channel or the thread where it was asked for."""
    view = await here.services.studio.show(asker, job)
    if not view.private:
        await answer(here, call, said.shared(job, new=False))
        return
    known = await here.services.cards.addresses(SLACK, [view.key])
    private = CardAddress.read(known[view.key]) if view.key in known else None
    if private is None or not private.asked_in:
        raise NotFound("channel")
    address = CardAddress(
        team=call.team,
        person=call.person,
        channel=private.asked_in,
        thread=private.asked_under,
        only_here=True,
        files=private.files,
    )
    place = CardPlace(SLACK, address.to_record())
    new = await here.services.reactions.share(asker, job, place)
    await answer(here, call, said.shared(job, new=new))


async def delete(here: Context, call: Call, asker: Asker, job: str, number: int | None) -> None:
    await here.services.studio.delete(asker, job, number)
    await answer(here, call, said.deleted(job, number))


async def cancel(here: Context, call: Call, asker: Asker, job: str = "") -> None:
    view = await here.services.studio.cancel(asker, job)
    await answer(here, call, said.cancelled(view.public_id, free=not view.quote_micros))


async def quota(here: Context, call: Call, asker: Asker) -> None:
    await answer(here, call, said.quota(await here.services.studio.quota(asker), SLACK))


async def show(here: Context, call: Call, asker: Asker, job: str) -> None:
    """Show one result, or lists of the person's own results and favourites."""
    if job:
        await _show_one(here, call, asker, job)
        return
    own = await here.services.studio.history(asker, limit=said.LISTED)
    liked = await here.services.reactions.favourites(asker)
    await answer(here, call, said.results(own, liked[: said.LISTED], SLACK))


async def _show_one(here: Context, call: Call, asker: Asker, job: str) -> None:
    """Show the whole card with every picture, covered ones too, to this person only."""
    view = await here.services.studio.show(asker, job)
    with _offering_the_page(here, asker, view):
        shown = await _uploaded(here, call, asker, view)
    paid = view.cost_micros if asker.person == view.person and not view.private else None
    made = job_card.card(view, shown, notes=[cost(paid)] if paid else [])
    text = job_card.summary(view)
    if shown is None or call.direct or not call.channel:
        await _in_private(here, call, text, made)
        return
    client = await here.clients.client_for(call.team)
    try:
        await client.chat_postEphemeral(
            channel=call.channel,
            user=call.person,
            thread_ts=call.thread or None,
            text=text,
            blocks=made,
        )
    except SlackApiError as error:
        if code_of(error) in limits.TOKEN_DEAD:
            raise
        await _in_private(here, call, text, made)


@contextmanager
def _offering_the_page(here: Context, asker: Asker, view: JobView) -> Iterator[None]:
    """Where Slack takes no files, a link to the page is added to the refusal."""
    try:
        yield
    except PlatformRefuses as refused:
        own = asker.person == view.person
        now = here.services.clock.now()
        refused.link = here.services.shared.own_link(view, now) if own else view.link
        raise


async def _in_private(here: Context, call: Call, text: str, made: Sequence[Block]) -> None:
    client = await here.clients.client_for(call.team)
    await say_in_private(client, call, text=text, blocks=list(made))
    if call.channel and not call.direct:
        await answer(here, call, said.IN_DIRECT_MESSAGES)


async def _uploaded(
    here: Context, call: Call, asker: Asker, view: JobView
) -> job_card.Shown | None:
    """A file with the pictures of a result; None where Slack doesn't process it in time."""
    sheet = Sheet.of(view, view.pictures) if view.phase is Phase.DONE else None
    if sheet is None:
        return None
    client = await here.clients.client_for(call.team)
    file = await _file_with(here, client, asker, view, sheet)
    try:
        ready = await here.uploads.ready(client, [file])
    except SlackApiError as error:
        if code_of(error) not in limits.FILE_GONE:
            raise
        here.uploads.forget(file)  # somebody deleted it: it is uploaded again
        file = await _file_with(here, client, asker, view, sheet)
        ready = await here.uploads.ready(client, [file])
    return job_card.Shown(file=file, alt=sheet.alt) if ready else None


async def _file_with(
    here: Context, client: AsyncWebClient, asker: Asker, view: JobView, sheet: Sheet
) -> str:
    """The file of a sheet; one that Slack has already is not uploaded again."""
    if held := here.uploads.known(view.community, sheet.key):
        return held
    file = await file_of(here.services.studio, asker, view, sheet)
    use = Use(
        holder=f"show:{view.key}",
        seen_by=SeenBy.ONE,
        job=view.key,
        numbers=sheet.numbers,
        span=SHOWN_FOR,
    )
    (done,) = await here.remote_files.upload(client, view.community, [(file, use)])
    here.uploads.remember(view.community, sheet.key, done.file)
    return done.file


async def models(here: Context, call: Call, asker: Asker) -> None:
    known = await here.services.studio.models(asker)
    await answer(here, call, said.models(known, SLACK))


async def help_(here: Context, call: Call, command: str, *more: Block) -> None:
    """Show an overview of all commands, or how one of them works; `more` is below it."""
    name = command.lstrip("/").lower()
    if name == IMAGINE.name:
        await answer(here, call, help_words.imagine())
    elif name in help_words.OFFERED:
        await answer(here, call, help_words.usage(name, SLACK))
    else:
        contact = here.services.contact
        words = help_words.overview(SLACK, contact=contact, admin=False, moderator=False)
        await answer(here, call, words, *more)


# --- privacy --------------------------------------------------------------------------------------


async def privacy(here: Context, call: Call) -> None:
    """One card: what is kept about the person, with buttons to export and to erase it."""
    words = said.privacy(here.services.privacy.moderation)
    await answer(here, call, words, blocks.actions(privacy_buttons()))


def privacy_buttons() -> list[blocks.Element]:
    erase, everything = labels.ERASE, labels.ERASE_EVERYTHING
    button = blocks.button(erase, "privacy:erase", style="danger")
    return [
        blocks.button(labels.EXPORT, "privacy:export", style="primary"),
        blocks.asking(button, f"{everything}?", said.erase_question(SLACK), everything),
    ]


async def export(here: Context, call: Call) -> None:
    """Send everything that is kept as one archive to the person's private messages."""
    client = await here.clients.client_for(call.team)
    archive, left_out = await here.services.privacy.archive(
        SLACK, call.person, ARCHIVE_MAX_BYTES, call.team
    )
    got = await client.conversations_open(users=call.person)
    file = File(data=archive, name="limner-export.zip", media_type="application/zip")
    use = Use(holder=f"export:{call.event}", seen_by=SeenBy.ONE, person=call.person)
    channel = str(got["channel"]["id"])
    await here.remote_files.upload(client, call.team, [(file, use)], channel=channel)
    await answer(here, call, said.exported(left_out, SLACK))


async def erase(here: Context, call: Call) -> None:
    erased = await here.services.privacy.erase(SLACK, call.person, call.team)
    await answer(here, call, said.erased(erased))
