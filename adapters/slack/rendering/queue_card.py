"""Lists of cases → the blocks of messages. Pure."""

from collections.abc import Sequence

from adapters.chat.custom_ids import PAGE, QUEUE
from adapters.slack.platform.limits import SELECT_OPTIONS_MAX
from adapters.slack.rendering import blocks
from adapters.slack.rendering.blocks import Block
from adapters.slack.rendering.markup import sentence
from bot.domain.asker import Asker
from bot.domain.case import Case
from bot.wording import Sentence
from bot.wording.moderation import cases, lists


def card(
    words: Sentence, listed: Sequence[Case], asker: Asker, *, page_url: str = ""
) -> list[Block]:
    """A list with a menu to open a case; `page_url` signs its reader in, and is secret."""
    controls = []
    if openable := [case for case in listed if not case.is_about(asker)]:
        offered = [
            blocks.option(cases.summary(case), case.id) for case in openable[:SELECT_OPTIONS_MAX]
        ]
        controls.append(blocks.select(QUEUE, offered, placeholder=lists.OPEN_A_CASE))
    if page_url:
        controls.append({**blocks.button(lists.OPEN_THE_PAGE, PAGE), "url": page_url})
    said = blocks.sections(sentence(words).split("\n"))
    return [*said, *([blocks.actions(controls)] if controls else [])]
