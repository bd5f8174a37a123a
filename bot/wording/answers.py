"""Answers that are the same on every chat platform, a sentence a line.

Only commands differ: "/show" on Discord, "/limner show" on Slack.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.asker import SLACK
from bot.domain.budgets import Quota
from bot.domain.job_view import JobView
from bot.domain.model import Model
from bot.domain.person import Erased
from bot.domain.pricing import default_picture_micros
from bot.request import command_parser, options
from bot.request.image_request import ImageRequest
from bot.text import one_line
from bot.wording import quota_line, short_model, window_line
from bot.wording.parts import Code, Money, Person, Sentence, Strong, Words, say

MODELS_SHOWN = 15
LINE_MAX_CHARS = 60
ABOUT_MAX_CHARS = 90

PRIVACY = (
    say(
        "Your prompts, pictures and settings, until they are deleted or too old; sums of what you "
        "spent stay in the books without your name."
    ),
    say("Erase takes down your pictures and messages everywhere and can't be undone."),
)


def command(name: str, platform: str) -> str:
    """The command `name` as people type it on `platform`."""
    return f"/limner {name}" if platform == SLACK else f"/{name}"


def quota(found: Quota, platform: str) -> list[Sentence]:
    """What is left, as the first line, then the budgets that it follows from."""
    lines: list[Sentence] = [quota_line(found)]
    if not found.free:
        shown = [window for window in found.windows if window.level != "operator"]
        lines += [window_line(window, platform=platform) for window in shown]
    return lines


def parameters(view: JobView, *, own: bool) -> list[Sentence]:
    """The parameters of a result beside its command; its cost only for `own` ones."""
    lines: list[Sentence] = [
        say("{} by {}", Code(view.public_id), Person(view.person, view.name)),
        say("Model: {}", Words(view.model)),
        say("Seed: {}", Code(str(view.seed))),
        say("Size: {}", f"{view.width_px} × {view.height_px}"),
    ]
    if own and view.cost_micros is not None:
        lines.append(say("Cost: {}", Money(view.cost_micros)))
    if view.parent_id:
        lines.append(say("From: {}", Code(view.parent_id)))
    return [*lines, say("Again, exactly:")]


def exact_command(request: ImageRequest, view: JobView) -> str:
    """The command that draws the same again."""
    return command_parser.format(exact_request(request, view), private=view.private)


def exact_request(request: ImageRequest, view: JobView) -> ImageRequest:
    """`request` with the seed that was drawn, so that it draws the same again."""
    asked = {name: getattr(request, name) for name in request.model_fields_set}
    return options.validate({**asked, "seed": view.seed})


def favoured(job: str, *, kept: bool) -> Sentence:
    if kept:
        return say("{} is one of your favourites now.", Code(job))
    return say("{} is no favourite any more.", Code(job))


def deleted(job: str, number: int | None) -> Sentence:
    if number:
        return say("Picture {} of {} is deleted.", str(number), Code(job))
    return say("The pictures of {} are deleted.", Code(job))


def cancelled(job: str) -> Sentence:
    return say("{} is cancelled. Nothing was charged.", Code(job))


def erased(found: Erased) -> Sentence:
    words = "Erased: {} requests. {} messages are being taken down."
    return say(words, str(found.jobs), str(found.cards))


def listed(views: Sequence[JobView]) -> list[Sentence]:
    """One line for each result."""
    if not views:
        return [say("Nothing yet. /imagine draws your first picture.")]
    return [
        say("{} {}", Code(v.public_id), Words(one_line(v.prompt, LINE_MAX_CHARS))) for v in views
    ]


def models(known: Sequence[Model]) -> list[tuple[Sentence, Sentence]]:
    """For each model a line with its price, and one about it, "" if nothing is known."""
    return [(_model(each), _about(each)) for each in known[:MODELS_SHOWN]]


def _model(model: Model) -> Sentence:
    micros = default_picture_micros(model)
    price = say("at most {} a picture", Money(micros)) if micros else say("free")
    steps = model.options.get("num_inference_steps")
    span = f", {steps.minimum:g} to {steps.maximum:g} steps" if steps and steps.maximum else ""
    return say("{} {}{}", Strong(short_model(model.name)), price, span)


def _about(model: Model) -> Sentence:
    return say("{}", Words(one_line(model.about, ABOUT_MAX_CHARS))) if model.about else ()


def defaults(kept: Mapping[str, Any], platform: str) -> list[Sentence]:
    """One line for each option."""
    if not kept:
        words = "None. Give {} the options that you want every time."
        return [say(words, command("settings", platform))]
    names = {option.name: option.short for option in options.OPTIONS}
    shown = {names[name]: value for name, value in kept.items()}
    if {"width", "height"} <= shown.keys():
        shown["size"] = f"{shown.pop('width')}x{shown.pop('height')}"
    return [say("{}: {}", name, Code(str(value))) for name, value in shown.items()]
