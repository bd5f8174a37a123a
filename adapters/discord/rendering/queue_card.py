"""Lists of cases → the payloads of messages. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from discord import ButtonStyle, SelectOption, ui

from adapters.chat.custom_ids import QUEUE
from adapters.discord.platform.limits import SELECT_OPTION_MAX_CHARS, SELECT_OPTIONS_MAX
from adapters.discord.rendering import job_card
from adapters.discord.rendering.markup import sentence
from bot.domain.asker import Asker
from bot.domain.case import Case
from bot.wording import Sentence
from bot.wording.moderation import cases, lists


def card(
    words: Sentence, listed: Sequence[Case], asker: Asker, now: datetime, *, page_url: str = ""
) -> ui.LayoutView:
    """A list with a menu to open a case; `page_url` signs its reader in, and is secret."""
    rows: list[ui.ActionRow[Any]] = []
    if openable := [case for case in listed if not case.is_about(asker)]:
        rows.append(ui.ActionRow(_menu(openable[:SELECT_OPTIONS_MAX], now)))
    if page_url:
        link: ui.Button[Any] = ui.Button(
            label=lists.OPEN_THE_PAGE, style=ButtonStyle.link, url=page_url
        )
        rows.append(ui.ActionRow(link))
    return job_card.notice(sentence(words), job_card.REVIEW if listed else job_card.DONE, *rows)


def _menu(openable: Sequence[Case], now: datetime) -> ui.Select[Any]:
    choices = [
        SelectOption(
            label=cases.summary(case)[:SELECT_OPTION_MAX_CHARS],
            description=lists.opened_ago(case, now),
            value=case.id,
        )
        for case in openable
    ]
    return ui.Select(custom_id=QUEUE, placeholder=lists.OPEN_A_CASE, options=choices)
