"""What people read: clear about what happened, what it cost and what to do."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import bot
from bot import errors
from bot.domain.asker import DISCORD, SLACK
from bot.domain.budgets import Balance, Gate, Quota
from bot.domain.community_settings import CommunitySettings, Hearing
from bot.domain.job_view import JobView, Phase, Progress
from bot.domain.person import Erased
from bot.errors import BotError, Problem
from bot.request.command_parser import parse
from bot.request.commands import RATIO, SHORTHANDS
from bot.request.notes import Note
from bot.request.options import BY_NAME, OPTIONS, validate
from bot.wording import (
    CONFLICTS,
    NOT_ALLOWED,
    NOT_FOUND,
    Code,
    Money,
    Person,
    PicturesLeft,
    Text,
    When,
    answers,
    commands,
    duration,
    explain,
    explain_note,
    money,
    notes_of,
    option_help,
    option_range,
    plain,
    quota_line,
    say,
    status,
    window_line,
)
from bot.wording.corrections import PROBLEMS, explain_problem, value_text
from bot.wording.refusals import CANT_POST
from bot.wording.settings import commands as settings_words
from tests.support.views import job_view, picture_view

MIDNIGHT = datetime(2026, 3, 1, tzinfo=UTC)
WRONG = Problem("num_inference_steps", "out_of_range", {"minimum": 1, "maximum": 512, "got": 900})

# What may end a request for which money is held.
HELD = (
    errors.NoSpace,
    errors.WaitedTooLong,
    errors.Cancelled,
    errors.Interrupted,
    errors.Broken,
    errors.BackendFailed,
)
# One of each kind, with data that its sentence has to show.
FAILURES: list[tuple[BotError, str]] = [
    (errors.BadRequest((WRONG,)), "512"),
    (errors.NotFound("job", "ab12cd34"), "ab12cd34"),
    (errors.NotAllowed("model_not_allowed"), "model"),
    (errors.Blocked(until=MIDNIGHT), "1 Mar 2026, 00:00 UTC"),
    (errors.Paused(everywhere=True), "everywhere"),
    (errors.PromptRefused(), "rules"),
    (errors.NotYours(), "somebody else"),
    (errors.NotYours("about_you"), "another moderator"),
    (errors.SignInNeeded(), "sign in"),
    (errors.TooNew(open_at=MIDNIGHT), "1 Mar 2026, 00:00 UTC"),
    (errors.TooManyRefused(open_at=MIDNIGHT), "1 Mar 2026, 00:00 UTC"),
    (errors.QuotaExceeded("person", "day", 0, 5, MIDNIGHT), "1 Mar 2026, 00:00 UTC"),
    (errors.CantPost(missing=("Attach Files",)), "Attach Files"),
    (errors.TooManyWaiting(4), "4 requests"),
    (errors.QueueFull(), "few minutes"),
    (errors.Busy(), "in a minute"),
    (errors.Conflict("too_many_reports"), "whoever runs this bot"),
    (errors.Conflict(), "look at it again"),
    (errors.NoSpace(), "disk"),
    (errors.WaitedTooLong(), "in line"),
    (errors.Cancelled(), "cancelled"),
    (errors.Interrupted(), "in the middle"),
    (errors.ShuttingDown(), "restart"),
    (errors.PlatformAway(), "didn't answer"),
    (errors.PlatformRefuses("storage", "https://x.example/j/1"), "no room"),
    (errors.PlatformRefuses("token"), "token"),
    (errors.Broken(), "broke"),
    (errors.BackendFailed(), "failed"),
    (errors.BackendBusy(), "busy"),
    (errors.BackendUnreachable(), "reach"),
    (errors.BackendResting(), "isn't answering"),
    (errors.BackendTimedOut(), "too long"),
    (errors.BackendCutOff(), "connection"),
    (errors.BackendKeyRefused(), "key"),
    (errors.BackendNeedsMoney(), "top it up"),
    (errors.BackendModelMissing(), "another model"),
    (errors.BackendLocked(), "locked"),
    (errors.BackendRejected(detail="HTTP 422: width must be even"), "width must be even"),
    (errors.BackendModerated(), "declined"),
    (errors.BackendBroken(), "fault of its own"),
    (errors.BackendGarbled(), "can't read"),
    (errors.BackendUnkept(), "couldn't store"),
    (errors.BackendEmpty(), "without a picture"),
    (errors.BackendBlank(), "of one colour only"),
]


def kinds(kind: type[BotError] = BotError) -> Iterator[type[BotError]]:
    for child in kind.__subclasses__():
        yield child
        yield from kinds(child)


def test_every_kind_of_failure_has_an_example_here() -> None:
    ours = {kind for kind in kinds() if kind.__module__.startswith("bot.")}
    assert {type(error) for error, _ in FAILURES} == ours


@pytest.mark.parametrize(("error", "told"), FAILURES, ids=lambda value: type(value).__name__)
def test_a_failure_says_what_happened_and_of_money_only_where_some_was_held(
    error: BotError, told: str
) -> None:
    text = plain(explain(error))
    assert told in text
    assert ("charged" in text) == isinstance(error, HELD)
    assert "charged" not in plain(explain(error, free=True))
    assert text[0].isupper()
    assert text.endswith(".")
    assert "  " not in text


@pytest.mark.parametrize(
    ("error", "told"),
    [(e, t) for e, t in FAILURES if not isinstance(e, errors.BackendResting | errors.BadRequest)],
    ids=lambda value: type(value).__name__,
)
def test_a_failure_ends_with_what_to_do_or_who_can(error: BotError, told: str) -> None:
    """Two sentences at least: what happened, what now."""
    assert plain(explain(error, free=True)).count(". ") >= 1


@pytest.mark.parametrize(
    "error",
    [errors.BackendNeedsMoney(), errors.BackendKeyRefused(), errors.NoSpace()],
    ids=lambda value: type(value).__name__,
)
def test_the_owners_own_troubles_are_not_named_in_a_chat(error: BotError) -> None:
    for platform in ("discord", "slack"):
        assert plain(explain(error, platform=platform)) == (
            "I can't draw just now, and only the bot owner can mend that. Nothing was charged. "
            "Please try again later."
        )
    assert "bot owner has to" in plain(explain(error, platform="web"))


def test_a_card_says_nothing_of_money_where_drawing_is_free() -> None:
    cancelled = job_view(phase=Phase.CANCELLED, pictures=(), quote_micros=0)
    assert plain(status(cancelled)) == "Cancelled."
    failed = replace(cancelled, phase=Phase.FAILED, failure=errors.BackendBusy())
    assert plain(status(failed)) == (
        "The image service is too busy and started nothing. Please try again in a minute."
    )


def test_a_budget_of_nothing_does_not_open_again() -> None:
    full = errors.QuotaExceeded("community", "day", 0, 5, None, limit_micros=0)
    assert plain(explain(full, platform="discord")) == (
        "This server's budget for today is $0, so nothing can be drawn. "
        "An admin or the bot owner can change that."
    )


def test_no_two_failures_read_the_same() -> None:
    texts = [plain(explain(error)) for error, _ in FAILURES]
    assert len(set(texts)) == len(texts)


def test_a_service_that_rests_is_announced_word_for_word() -> None:
    said = plain(explain(errors.BackendResting(detail="HTTP 503")))
    assert said == "The image service isn't answering. Nothing was charged."


@pytest.mark.parametrize(
    "error",
    [errors.BackendEmpty(billed_micros=300), errors.BackendTimedOut(), errors.Interrupted()],
)
def test_what_the_service_may_have_billed_is_not_called_nothing(error: BotError) -> None:
    text = plain(explain(error))
    assert "You weren't charged." in text
    assert "Nothing was charged" not in text


def test_the_details_for_the_owner_stay_out_of_sight() -> None:
    text = plain(explain(errors.BackendBroken(detail="HTTP 500: traceback of host-7")))
    assert "host-7" not in text


def test_the_services_own_words_are_cut() -> None:
    text = plain(explain(errors.BackendRejected(detail="HTTP 422: " + "x" * 5_000)))
    assert "x" * 199 + "…" in text
    assert len(text) < 400


@pytest.mark.parametrize(
    ("error", "platform", "expected"),
    [
        (
            errors.QuotaExceeded("person", "day", 0, 5, MIDNIGHT),
            "discord",
            ("Your own budget for today is used up. It opens again on 1 Mar 2026, 00:00 UTC."),
        ),
        (
            errors.QuotaExceeded("community", "month", 4, 5, MIDNIGHT),
            "discord",
            (
                "This server's budget for this month has too little left for this. "
                "Fewer or smaller pictures may still fit. "
                "It opens again on 1 Mar 2026, 00:00 UTC."
            ),
        ),
        (
            errors.QuotaExceeded("community", "day", 0, 5, MIDNIGHT),
            "slack",
            (
                "This workspace's budget for today is used up. "
                "It opens again on 1 Mar 2026, 00:00 UTC."
            ),
        ),
        (
            errors.QuotaExceeded("operator", "life", 0, 5, None),
            "web",
            (
                "The bot owner's budget is used up. "
                "It doesn't open again by itself. The bot owner can change that."
            ),
        ),
        (
            errors.QuotaExceeded("person", "day", 400, 500, None, 400),
            "discord",
            (
                "Your own budget for today has too little left for this. Fewer or smaller "
                "pictures may still fit. It doesn't open again by itself. An admin or the bot "
                "owner can change that."
            ),
        ),
    ],
)
def test_a_full_budget_is_named_with_the_time_it_opens(
    error: BotError, platform: str, expected: str
) -> None:
    assert plain(explain(error, platform=platform)) == expected


def test_the_time_is_a_part_that_a_platform_can_show_in_the_readers_zone() -> None:
    sentence = explain(errors.QuotaExceeded("person", "day", 0, 5, MIDNIGHT))
    assert When(MIDNIGHT) in sentence


def test_a_pause_says_where() -> None:
    assert "on this server" in plain(explain(errors.Paused(), platform="discord"))
    assert "in this workspace" in plain(explain(errors.Paused(), platform="slack"))


def sources() -> Iterator[ast.Call]:
    root = Path(bot.__file__).parent.parent
    for folder in ("bot", "adapters", "storage"):
        for path in (root / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call):
                    yield node


def literals(call: str, position: int) -> set[str]:
    """What is written as an argument of `call`, anywhere in the program."""
    return {
        argument.value
        for node in sources()
        if getattr(node.func, "id", getattr(node.func, "attr", "")) == call
        for argument in node.args[position : position + 1]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }


def test_every_problem_that_the_program_names_has_a_sentence() -> None:
    named = literals("Problem", 1) | literals("InvalidValue", 0) | literals("PictureRefused", 0)
    assert {"not_listed", "image_type", "damaged"} <= named
    assert named <= PROBLEMS.keys()


@pytest.mark.parametrize(
    ("call", "sentences", "internal"),
    [
        ("NotAllowed", NOT_ALLOWED, set()),
        ("NotFound", NOT_FOUND, set()),
        ("CantPost", CANT_POST, set()),
        # Only a fault of our own can cause these; the general sentence will do.
        ("Conflict", CONFLICTS, {"bill", "epoch", "grant"}),
    ],
)
def test_every_reason_that_the_program_gives_has_a_sentence(
    call: str, sentences: dict[str, str], internal: set[str]
) -> None:
    assert literals(call, 0) - internal <= sentences.keys()


def test_no_sentence_uses_words_of_the_code_or_raises_its_voice() -> None:
    tables = (PROBLEMS, CANT_POST, NOT_ALLOWED, NOT_FOUND, CONFLICTS)
    texts = [words for table in tables for words in table.values() if isinstance(words, str)]
    texts += [plain(explain(error, platform=p)) for error, _ in FAILURES for p in ("", "slack")]
    for text in texts:
        assert not {"operator", "community", "hold", "exception", "backend"} & set(
            text.lower().replace(".", " ").replace(",", " ").split()
        )
        assert "!" not in text


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"num_inference_steps": 900}, "For steps choose 1 to 512; you asked for 900."),
        ({"seed": -4}, "For seed choose 0 to 9007199254740991; you asked for -4."),
        ({"num_images": "many"}, "For images I need a whole number from 1 to 4; many is none."),
        ({"guidance_scale": "nan"}, "For guidance I need a number from 1 to 20; nan is none."),
        ({"height": "tall"}, "For height I need a whole number; tall is none."),
        (
            {"width": 800},
            (
                "For width choose one of 128, 256, 384, 448, 512, 576, 640, 704, 768, 832, 896, "
                "960, 1024; the nearest to 800 is 768."
            ),
        ),
        ({"use_compel": "maybe"}, "For compel choose on or off; maybe is neither."),
        ({"prompt": " "}, "What should I draw? Please describe it."),
        (
            {"prompt": "x" * 3_412},
            "For prompt I can take 3,000 characters; this has 3,412. Please shorten it.",
        ),
        ({"webhook": "x"}, "For webhook I need an address that begins with https:// or http://."),
        (
            {"webhook": "http://10.0.0.1"},
            "For webhook I need an address on the public internet; 10.0.0.1 isn't one.",
        ),
        (
            {"image": b"GIF89a"},
            "The starting image is no PNG, JPEG or WebP picture. Please send one of those.",
        ),
    ],
)
def test_what_to_mend_reads_well(fields: dict[str, Any], expected: str) -> None:
    with pytest.raises(errors.BadRequest) as caught:
        validate({"prompt": "a cat", **fields})
    (problem,) = caught.value.problems
    assert plain(explain_problem(problem)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a --step 3", "I know no option --step. Did you mean --steps?"),
        (
            "a --zzz",
            (
                "I know no option --zzz. The help command lists them; "
                r"if it is part of the prompt, write \--zzz."
            ),
        ),
        ("a --x{0}{got}", "I know no option --x{0}{got}. "),
        ("a --n", "After --n I need a value, like --n 2."),
        ("a --model", "After --model I need a value."),
        ("a --size 5", "A size is written like 768x512; I can't read 5."),
        ("/imagin a", "I know no command /imagin. Did you mean /imagine?"),
        ("/xyzzy", "I know no command /xyzzy. /help lists the commands."),
        ("/vary ab12", "The number is missing. The command is written /vary ID NUMBER."),
        ("/vary ab12 9", "The pictures of a result are numbered from 1 to 4; 9 is none."),
        ("/help vry", "I don't know what vry means here. Did you mean vary?"),
        ("/again ab12 --seed 3", "The option seed doesn't go with /again. Please leave it out."),
    ],
)
def test_what_to_mend_in_a_command_reads_well(text: str, expected: str) -> None:
    with pytest.raises(errors.BadRequest) as caught:
        parse(text)
    said = plain(explain(caught.value))
    assert said.startswith(expected)
    assert "charged" not in said


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        (
            Problem("model", "not_listed", {"choices": ["a/b"], "got": "x", "nearest": "a/b"}),
            "I know no model called x. Did you mean a/b?",
        ),
        (
            Problem("lora", "not_an_option", {"model": "a/b"}),
            "The model a/b doesn't know lora. Please leave it out, or choose another.",
        ),
        (
            Problem("", "picture_too_dear", {"micros": 51_000, "limit_micros": 20_000}),
            (
                "One such picture costs up to $0.051, and the limit here is $0.02. "
                "Fewer steps or a smaller size cost less."
            ),
        ),
        (
            Problem("amount", "out_of_range", {"minimum": 1, "got": -5}),
            "For amount choose 1 or more; you asked for -5.",
        ),
        (Problem("width", "unheard_of", {}), "I can't use width like this."),
    ],
)
def test_what_others_find_wrong_reads_well(problem: Problem, expected: str) -> None:
    assert plain(explain_problem(problem)) == expected


@pytest.mark.parametrize("code", sorted(PROBLEMS))
def test_a_sentence_survives_a_row_that_kept_less_than_it_wants(code: str) -> None:
    assert plain(explain_problem(Problem("width", code, {}))).strip()


@pytest.mark.parametrize(
    ("micros", "expected"),
    [
        (0, "$0.00"),
        (1, "$0.000001"),
        (114, "$0.000114"),
        (11_300, "$0.0113"),
        (50_000, "$0.05"),
        (123_456, "$0.123"),
        (999_499, "$0.999"),
        (999_999, "$1.00"),
        (2_500_000, "$2.50"),
        (12_345_678, "$12.35"),
        (1_234_000_000, "$1,234.00"),
        (-50_000, "-$0.05"),
    ],
)
def test_money_has_as_many_digits_as_say_something(micros: int, expected: str) -> None:
    assert money(micros) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0.2, "1 s"), (89, "89 s"), (90, "2 min"), (3_599, "1 h 0 min"), (5_000, "1 h 23 min")],
)
def test_durations_are_short(seconds: float, expected: str) -> None:
    assert duration(seconds) == expected


def test_parts_read_without_markup() -> None:
    sentence = say(
        "{} {} {} {}, {}",
        Person("U1", "Ada"),
        Person("U2"),
        Code("/quota"),
        Money(50_000),
        say("{}", PicturesLeft(1)),
    )
    assert plain(sentence) == "Ada U2 /quota $0.05, about 1 picture left"
    assert plain((PicturesLeft(8), Text("; "), PicturesLeft(0))) == (
        "about 8 pictures left; no pictures left"
    )


def view(phase: Phase, **changes: Any) -> JobView:
    pictures = (picture_view(),) if phase is Phase.DONE else ()
    model = {"model": "a/b", "asked_model": "a/b"}
    usual = {"phase": phase, "pictures": pictures, **model, "cost_micros": None}
    return job_view(**{**usual, **changes})


@pytest.mark.parametrize(
    ("phase", "progress", "expected"),
    [
        (Phase.WAITING, Progress(), "Waiting"),
        (Phase.WAITING, Progress(place=1), "Next in line"),
        (Phase.WAITING, Progress(place=3, eta_s=41), "Place 3 in line, starts in about 41 s"),
        (Phase.DRAWING, Progress(fraction=0.42), "Drawing, 42%"),
        (Phase.DRAWING, Progress(elapsed_s=12), "Drawing for 12 s"),
        (
            Phase.DRAWING,
            Progress(elapsed_s=12, expected_s=20),
            "Drawing, about 8 s left (an estimate)",
        ),
        (
            Phase.DRAWING,
            Progress(elapsed_s=25, expected_s=20),
            "Drawing for 25 s, longer than the estimate",
        ),
        (Phase.DONE, Progress(), "Done: 1 picture."),
        (Phase.CANCELLED, Progress(), "Cancelled. Nothing was charged."),
        (Phase.REMOVED, Progress(), "Deleted."),
    ],
)
def test_a_card_says_how_far_it_is(phase: Phase, progress: Progress, expected: str) -> None:
    assert plain(status(view(phase, progress=progress))) == expected


@pytest.mark.parametrize("phase", Phase)
def test_every_phase_has_a_line(phase: Phase) -> None:
    assert plain(status(view(phase)))


def test_a_failed_card_says_why() -> None:
    failed = view(Phase.FAILED, failure=errors.BackendBusy())
    assert plain(status(failed)) == plain(explain(errors.BackendBusy()))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        (
            {"asked_model": "stabilityai/sd-2-1", "model": "stabilityai/sdxl-turbo"},
            ["You asked for sd-2-1; the service draws with sdxl-turbo now."],
        ),
        (
            {"sketch": True, "model": "sketch"},
            ["A sketch: drawn by the bot itself, without an image model."],
        ),
        ({"asked_pictures": 3, "drawn_pictures": 1}, ["The service sent 1 of 3 pictures."]),
        (
            {"asked_pictures": 4, "drawn_pictures": 4, "in_review": 2},
            ["2 more are in review: a moderator looks first.", "1 picture can't be shown here."],
        ),
        ({"asked_pictures": 2, "drawn_pictures": 2, "deleted": 1}, ["1 picture was deleted."]),
        (
            {"asked_pictures": 4, "drawn_pictures": 4, "deleted": 2},
            ["1 picture can't be shown here.", "2 pictures were deleted."],
        ),
        ({"refunded": True}, ["What it cost was given back."]),
    ],
)
def test_a_card_notes_what_the_person_should_know(
    changes: dict[str, Any], expected: list[str]
) -> None:
    assert [plain(note) for note in notes_of(view(Phase.DONE, **changes))] == expected


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        (
            Note("foreign_flags", {"flags": ["--v 6"], "tool": "Midjourney"}),
            "I ignored --v 6: it belongs to Midjourney.",
        ),
        (
            Note("foreign_flags", {"flags": ["--v 6", "--tile"], "tool": ""}),
            "I ignored --v 6 and --tile: they belong to other tools.",
        ),
        (
            Note("foreign_flags", {"flags": list("abcdefg"), "tool": "another bot"}),
            "I ignored a, b, c, d, e and others: they belong to another bot.",
        ),
        (
            Note("nearest_shape", {"asked": "100:1", "width": 1024, "height": 128}),
            "The nearest I can draw to 100:1 is 1024 by 128 pixels.",
        ),
    ],
)
def test_notes_on_a_command_read_well(note: Note, expected: str) -> None:
    assert plain(explain_note(note)) == expected


@pytest.mark.parametrize(
    ("left", "free", "expected"),
    [
        (8, False, "You have about 8 pictures left."),
        (0, False, "You have no pictures left."),
        (None, False, "There is no limit for you here."),
        (None, True, "Drawing is free here."),
    ],
)
def test_people_read_their_quota_in_pictures(left: int | None, free: bool, expected: str) -> None:
    assert plain(quota_line(Quota(windows=(), pictures_left=left, free=free))) == expected


@pytest.mark.parametrize(
    ("limit", "held", "closes", "expected"),
    [
        (50_000, 0, MIDNIGHT, "$0.0113 of $0.05 used, new on 1 Mar 2026, 00:00 UTC."),
        (50_000, 20_000, None, "$0.0113 of $0.05 used, $0.02 reserved."),
        (None, 0, None, "$0.0113 used, no limit."),
    ],
)
def test_a_budget_in_dollars(
    limit: int | None, held: int, closes: datetime | None, expected: str
) -> None:
    gate = Gate(
        level="person",
        platform="web",
        community="local",
        person="owner",
        window="day",
        limit_micros=limit,
    )
    window = Balance(
        gate=gate,
        granted_micros=0,
        held_micros=held,
        posted_micros=11_300,
        closes_at=closes,
    )
    assert plain(window_line(window)) == f"Your own budget for today: {expected}"


def test_options_explain_themselves_in_a_line() -> None:
    assert plain(option_help(BY_NAME["num_inference_steps"])) == (
        "--steps: denoising steps; more is slower (1 to 512; default 25)"
    )
    assert plain(option_help(RATIO)) == (
        "--ar, --aspect, --aspect_ratio, --ratio: shape of the picture, like 3:2"
    )


@pytest.mark.parametrize(
    ("value", "expected"), [(True, "on"), (False, "off"), (7.5, "7.5"), (7.0, "7"), (None, "")]
)
def test_values_read_as_people_write_them(value: object, expected: str) -> None:
    assert value_text(value) == expected


def test_nobody_is_billed_for_a_look_at_the_people() -> None:
    assert plain(explain(errors.NotFound("person", "ann"))) == (
        "I know nobody of this name: ann. Please check the spelling."
    )


def test_ranges_are_short() -> None:
    assert {o.short: option_range(o) for o in (*OPTIONS, *SHORTHANDS) if option_range(o)} == {
        "prompt": "up to 3,000 characters",
        "no": "up to 3,000 characters",
        "images": "1 to 4",
        "steps": "1 to 512",
        "guidance": "1 to 20",
        "strength": "0 to 1",
        "width": "128 to 1024, as listed",
        "height": "128 to 1024, as listed",
        "seed": "0 or more",
        "compel": "on or off",
        "lora": "up to 200 characters",
        "webhook": "up to 2,000 characters",
        "model": "up to 200 characters",
    }


def test_a_backslash_is_among_what_is_copied() -> None:
    told = explain_problem(Problem("", "unknown_option", {"got": "--noir", "nearest": None}))
    assert told[-2:] == (Code("\\--noir"), Text("."))


def test_one_of_anything_is_not_several() -> None:
    """Whatever is counted: days, requests, messages, pictures."""
    settings = CommunitySettings(strike_days=1, account_age_days=1, membership_days=1)
    said = (
        answers.erased(Erased(jobs=1, cards=1)),
        answers.exported(1, SLACK),
        commands.blocked("U1", 1, "/limner undo"),
        settings_words.shown(settings, DISCORD, Hearing.HEARD),
        explain(errors.PromptRefused(), platform=SLACK),
    )
    for sentence in said:
        assert not re.search(r"\b1 \w+s\b", plain(sentence)), plain(sentence)


def test_nobody_on_slack_reads_of_servers() -> None:
    of_discord = {"which_home", "no_home", "home_unknown"}
    for reason in {*NOT_ALLOWED, ""} - of_discord:
        assert "server" not in plain(explain(errors.NotAllowed(reason), platform=SLACK))
    for kind in (kind() for kind in kinds() if not errors.fields_of(kind)):
        assert "server" not in plain(explain(kind, platform=SLACK))


def test_slacks_fault_and_the_installations_are_not_ours() -> None:
    told = {
        plain(explain(error, platform=SLACK))
        for error in (
            errors.PlatformAway(),
            errors.PlatformAway(busy=True),
            errors.PlatformRefuses("token"),
            errors.PlatformRefuses("scope", missing=("files:write",)),
        )
    }
    assert len(told) == 4
    assert not [words for words in told if "my side" in words]
    assert [words for words in told if "files:write" in words]
