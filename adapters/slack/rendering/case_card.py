"""Case → blocks of its card, which shows neither the picture nor the prompt. Pure."""

from collections.abc import Iterable
from datetime import datetime

from adapters.chat import case_controls
from adapters.chat.custom_ids import CustomId
from adapters.slack.rendering import blocks
from adapters.slack.rendering.blocks import Block, Element
from adapters.slack.rendering.markup import sentence
from bot.domain.case import Case
from bot.wording import labels
from bot.wording.moderation import cases
from bot.wording.parts import lines


def card(case: Case, now: datetime, *, headline: str = "") -> list[Block]:
    """The card of a case in its present state, for the channel or for one moderator.

    `headline` is mrkdwn, and names the case.
    """
    about = f"{headline}\n{sentence(cases.about(case))}" if headline else sentence(cases.head(case))
    return [
        blocks.section(about),
        blocks.small(sentence(cases.facts(case))),
        *blocks.sections([sentence(report) for report in cases.reports(case)]),
        blocks.section(sentence(lines(cases.state(case, now), cases.reason(case)))),
        *rows(case_controls.rows(case, now)),
    ]


def rows(shown: Iterable[case_controls.Row]) -> list[Block]:
    return [blocks.actions([_button(each) for each in row]) for row in shown if row]


def take_down(job: str) -> Block:
    """Below a notice about a result: one press for all places where it can be seen."""
    press = str(CustomId("takedown", job))
    return blocks.actions([blocks.button(labels.TAKE_DOWN, press, style="danger")])


def _button(control: case_controls.Control) -> Element:
    style = "" if control.style == "success" else control.style  # which Slack doesn't have
    return blocks.button(control.label, control.custom_id, style=style)
