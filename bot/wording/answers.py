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
from bot.wording.parts import (
    Code,
    Heading,
    Link,
    Money,
    Part,
    Person,
    Sentence,
    Small,
    Strong,
    Text,
    Words,
    counted,
    joined,
    lines,
    pictures,
    plain,
    say,
    without_charge,
)

MODELS_SHOWN = 15
LISTED = 10
UNDELIVERED_SHOWN = 10
LINE_MAX_CHARS = 60
ABOUT_MAX_CHARS = 90

TRY_THESE = "Try one of these"
NEWEST = "Your newest"
FAVOURITES = "Your favourites"
DEFAULTS = "Your defaults"
FORGET_ALL = "Forget all"
CHANGE = "Change"
SHOW = "Show"
TRY = "Try it"
PRIVACY_BUTTON = "Privacy"
WORDS_ARE_GONE = "Its words are gone."
THEY_WROTE = (Small(say("This is what you had written:")),)
PRIVATE_BOT = say("This bot is private and works only where its owner chose. Goodbye.")
ONE_MOMENT = say(
    "I am slow at the moment; the answer comes here. If nothing comes within a minute, please try "
    "once more."
)
NOT_TAKEN_UP = say(
    "I was stopped before I could take this up. Nothing was charged. Please ask once more."
)
NO_FORM = say("That took too long, so Slack opened no form. Please try once more.")
DRAWN_IN_PRIVATE = "It is being drawn, and comes into our direct messages."
DRAWN_THERE = "I am in the channel now, and draw it there."
CANT_SHARE = say(
    "I can't post in the channel where you asked, so your result stays between us. "
    "Invite me there, or ask in another channel."
)
IN_DIRECT_MESSAGES = say("It is in our direct messages.")
TOO_SLOW = "Slack or I was too slow. Please try once more."


def comes_in_private(address: str) -> Sentence:
    """For who asked in a channel; `address` leads to the card."""
    return say("Only you will see it: it comes into {}.", Link("our direct messages", address))


def shared(job: str, *, new: bool) -> Sentence:
    where = "Everybody where you asked sees {} now." if new else "{} is no secret any more."
    return say(where, Code(job))


def home_chosen(server: str) -> Sentence:
    words = "{} pays for what you draw in private from now on. Please ask once more."
    later = (Small(say("Once you draw on another server, that one pays.")),)
    return lines(say(words, Words(server)), later)


def undelivered(jobs: Sequence[str], platform: str) -> Sentence:
    """About results that had no way to whoever asked."""
    show = Code(f"{command('show', platform)} ID")
    names = joined(", ", [(Code(job),) for job in jobs])
    return say("I had no way to show you how {} ended. {} does it now.", names, show)


def privacy(moderation: str) -> Sentence:
    """What is kept about a person; `moderation` is the host that looks at it as well, or ""."""
    sent = say(
        "Your prompts, your starting images and what is drawn are sent to {}, which looks for what "
        "is against the rules.",
        Words(moderation),
    )
    return lines(
        (Heading("What I keep about you"),),
        "Your prompts, pictures and settings, until they are deleted or too old; sums of what you "
        "spent stay in the books without your name.",
        sent if moderation else "",
        (
            Small(
                say("Erase takes down your pictures and messages everywhere and can't be undone.")
            ),
        ),
    )


def command(name: str, platform: str) -> str:
    """The command `name` as people type it on `platform`."""
    return f"/limner {name}" if platform == SLACK else f"/{name}"


def quota(found: Quota, platform: str) -> Sentence:
    """What is left, as a heading, then the budgets that it follows from."""
    windows = [] if found.free else [each for each in found.windows if each.level != "operator"]
    why = [(Small(window_line(window, platform=platform)),) for window in windows]
    return lines((Heading(plain(quota_line(found))),), *why)


def parameters(view: JobView, *, own: bool) -> Sentence:
    """The parameters of a result beside its command; its cost only for `own` ones."""
    said: list[Sentence] = [
        say("{} by {}", Code(view.public_id), Person(view.person, view.name)),
        say("Model: {}", Words(view.model)),
        say("Seed: {}", Code(str(view.seed))),
        say("Size: {}", f"{view.width_px} × {view.height_px}"),
    ]
    if own and view.cost_micros is not None:
        said.append(say("Cost: {}", Money(view.cost_micros)))
    if view.parent_id:
        said.append(say("From: {}", Code(view.parent_id)))
    return lines(*said, say("Again, exactly:"))


def exact_command(request: ImageRequest, view: JobView) -> str:
    """The command that draws the same again."""
    return command_parser.format(exact_request(request, view), private=view.private)


def exact_request(request: ImageRequest, view: JobView) -> ImageRequest:
    """`request` with the seed that was drawn, so that it draws the same again."""
    asked = {name: getattr(request, name) for name in request.model_fields_set}
    return options.validate({**asked, "seed": view.seed})


def favoured(job: str, platform: str, *, kept: bool) -> Sentence:
    now = "{} is one of your favourites now." if kept else "{} is no favourite any more."
    where = say("{} lists them.", Code(command("show", platform)))
    return lines(say(now, Code(job)), (Small(where),))


def files_of(job: str) -> Sentence:
    return say("The files of {}", Code(job))


def files_sent(job: str, count: int) -> Sentence:
    """The answer after `count` files were sent to the person's private messages on Slack."""
    if count:
        return say("The files of {} are in our direct messages.", Code(job))
    return say("There are no pictures of {} to send.", Code(job))


def style_kept(name: str, platform: str, *, saved: bool) -> Sentence:
    if not saved:
        return say("The style {} is dropped.", Code(name))
    return say("The style {} is saved; {} offers it as style.", Code(name), _imagine(platform))


def _imagine(platform: str) -> Part:
    return Code("/imagine") if platform == SLACK else Text("/imagine")


def deleted(job: str, number: int | None) -> Sentence:
    if number:
        return say("Picture {} of {} is deleted.", str(number), Code(job))
    return say("The pictures of {} are deleted.", Code(job))


def cancelled(job: str, *, free: bool) -> Sentence:
    words = say("{} is cancelled. Nothing was charged.", Code(job))
    return without_charge(words) if free else words


def tells_you(job: str, *, waits: bool) -> Sentence:
    """To whoever wants to be told of a job's end; `waits` is False where it has ended."""
    if not waits:
        return say("{} is not drawn any more: look at its card.", Code(job))
    return say("I write to you, once, when {} is done.", Code(job))


def exported(left_out: int, platform: str) -> Sentence:
    """The answer with the archive; `left_out` pictures were too large for it."""
    where = (
        "What I keep about you is in our direct messages."
        if platform == SLACK
        else ("This is what I keep about you.")
    )
    show = Code(command("show", platform))
    left = say("{} didn't fit; {} gives you what is missing.", pictures(left_out), show)
    goes = say("Save it: it is taken away with the first picture in it that is deleted.")
    return lines(
        where,
        (Small(goes),) if platform == SLACK else "",
        (Small(left),) if left_out else "",
    )


def erase_question(platform: str) -> str:
    where = "" if platform == SLACK else " on every server"
    return f"Erase your prompts, pictures and messages{where}? This can't be undone."


def erased(found: Erased) -> Sentence:
    are = "is" if found.cards == 1 else "are"
    words = "Erased: {}. {} {} being taken down."
    return say(words, counted(found.jobs, "request"), counted(found.cards, "message"), are)


def results(own: Sequence[JobView], liked: Sequence[JobView], platform: str) -> Sentence:
    """A person's newest results, and their favourites if there are any."""
    favourites = [(Heading(FAVOURITES),), *listed(liked)] if liked else []
    how = say("{} shows one of them.", Code(f"{command('show', platform)} ID"))
    return lines((Heading(NEWEST),), *listed(own), *favourites, (Small(how),))


def listed(views: Sequence[JobView]) -> list[Sentence]:
    """One line for each result."""
    if not views:
        return [say("Nothing yet. /imagine draws your first picture.")]
    return [
        say("{} {}", Code(v.public_id), Words(one_line(v.prompt, LINE_MAX_CHARS))) for v in views
    ]


def models(known: Sequence[Model], platform: str) -> Sentence:
    """For each model a line with its price, and one about it where something is known."""
    said: list[Sentence] = [(Heading("Models"),)]
    for model in known[:MODELS_SHOWN]:
        said += [_model(model), _about(model)]
    if left := len(known[MODELS_SHOWN:]):
        what = (
            "the form of /imagine lists them"
            if platform == SLACK
            else ("the list of /imagine finds them")
        )
        said.append((Small(say(f"and {left} more; {what}.")),))
    return lines(*said)


def _model(model: Model) -> Sentence:
    micros = default_picture_micros(model)
    price = say("at most {} a picture", Money(micros)) if micros else say("free")
    steps = model.options.get("num_inference_steps")
    span = f", {steps.minimum:g} to {steps.maximum:g} steps" if steps and steps.maximum else ""
    return say("{} {}{}", Strong(short_model(model.name)), price, span)


def _about(model: Model) -> Sentence:
    return (Small((Words(one_line(model.about, ABOUT_MAX_CHARS)),)),) if model.about else ()


def parameters_title(job: str) -> Sentence:
    return say("The parameters of {}", Code(job))


def parts_note(parts: int) -> Sentence:
    return say(f"One command in {parts} parts, as a block holds no more: copy all of them.")


TICKS_NOTE = say("Slack shows no three back ticks here; marks that look alike stand for them.")


def own_defaults(kept: Mapping[str, Any], platform: str) -> Sentence:
    return lines((Heading(DEFAULTS),), defaults(kept, platform))


def styles(names: Sequence[str]) -> Sentence:
    return lines((Heading("Styles"),), joined(", ", [(Code(name),) for name in names]))


def defaults(kept: Mapping[str, Any], platform: str) -> Sentence:
    """One line for each option."""
    if not kept:
        words = "None. Give {} the options that you want every time."
        return say(words, command("settings", platform))
    names = {option.name: option.short for option in options.OPTIONS}
    shown = {names[name]: value for name, value in kept.items()}
    if {"width", "height"} <= shown.keys():
        shown["size"] = f"{shown.pop('width')}x{shown.pop('height')}"
    return lines(*(say("{}: {}", name, Code(str(value))) for name, value in shown.items()))
