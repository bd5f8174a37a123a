"""What people type is understood, or answered with what to mend."""

from typing import Any

import pytest
from hypothesis import example, given, reject, settings
from hypothesis import strategies as st

from bot.errors import BadRequest, Problem
from bot.request import command_parser, foreign_syntax
from bot.request.command_parser import Parsed, parse
from bot.request.image_request import SEED_MAX, SIDES_PX, ImageRequest
from bot.request.notes import Note
from bot.request.options import validate

EM, EN = "\N{EM DASH}", "\N{EN DASH}"
LEFT, RIGHT = "\N{LEFT DOUBLE QUOTATION MARK}", "\N{RIGHT DOUBLE QUOTATION MARK}"


def fields_of(text: str) -> dict[str, Any]:
    return parse(text).fields


def problems_of(text: str) -> list[Problem]:
    with pytest.raises(BadRequest) as caught:
        parse(text)
    return list(caught.value.problems)


def test_a_command_becomes_fields() -> None:
    assert parse("/imagine a lighthouse at dusk --size 768x512 --n 2") == Parsed(
        "imagine",
        {"prompt": "a lighthouse at dusk", "width": 768, "height": 512, "num_images": "2"},
    )


def test_text_without_a_slash_is_a_prompt() -> None:
    assert parse("a fox --private") == Parsed("imagine", {"prompt": "a fox"}, private=True)


@pytest.mark.parametrize(
    ("written", "field", "value"),
    [
        ("--no blurry, ugly hands", "negative_prompt", "blurry, ugly hands"),
        ("--negative_prompt fog", "negative_prompt", "fog"),
        ("--n 2", "num_images", "2"),
        ("--num-images 2", "num_images", "2"),
        ("--Steps 20", "num_inference_steps", "20"),
        ("--num_inference_steps=20", "num_inference_steps", "20"),
        ("--steps= 20", "num_inference_steps", "20"),
        ("--steps, 20", "num_inference_steps", "20"),
        ("--cfg 7,5", "guidance_scale", "7,5"),
        ("--seed -5", "seed", "-5"),
        ("--model a/b", "model", "a/b"),
        ('--model "a b"', "model", "a b"),
        ("--lora 'my style'", "lora", "my style"),
        ("--strength .5", "strength", ".5"),
        ("--w 512px", "width", "512px"),
        ("--compel", "use_compel", True),
        ("--compel on", "use_compel", True),
        ("--compel=off", "use_compel", False),
        (f"{EM}steps 20", "num_inference_steps", "20"),
        (f"{EN}steps 20", "num_inference_steps", "20"),
        (f"{EM}-steps 20", "num_inference_steps", "20"),
        (f"{EM}steps={LEFT}20{RIGHT}", "num_inference_steps", "20"),
        ("\n--seed\n7", "seed", "7"),
    ],
)
def test_every_way_to_write_an_option(written: str, field: str, value: object) -> None:
    assert fields_of(f"a fox {written}") == {"prompt": "a fox", field: value}


@pytest.mark.parametrize(
    "prompt",
    [
        "a cat's hat",
        "rock 'n' roll, the '90s",
        'a neon sign that says "OPEN"',
        'an unbalanced " quote',
        f"{LEFT}smart{RIGHT} and {LEFT}unbalanced",
        "noir -- moody",
        "rock--n--roll",
        "a (very) old tree, leaves--, in c++",
        "-5 degrees - cold -v",
        f"a knight {EM} armored {EM} rides",
        f"a knight {EM}armored{EM} rides",
        "--- a line of dashes ---",
        "--",
        "--猫 --3 --.",
        "سفينة فضائية \u200f🚀 שלום",
        "family 👩‍👩‍👧 and flag 🏳️‍🌈",
        "after <http://example.org/a?b=c|a picture>",
        "first line\n\nsecond line",
        "C:\\new\\table",
        "prompt: engineering, a poster",
        "x" * 3_000,
    ],
)
def test_words_stay_as_they_were_written(prompt: str) -> None:
    assert fields_of(prompt) == {"prompt": prompt}


def test_prompts_may_come_in_pieces() -> None:
    text = 'a fox --steps 20 in the snow --no "red, blue" at night --private, under stars'
    assert parse(text) == Parsed(
        "imagine",
        {
            "prompt": "a fox in the snow at night under stars",
            "num_inference_steps": "20",
            "negative_prompt": "red, blue",
        },
        private=True,
    )


def test_the_prompt_may_be_named() -> None:
    assert fields_of("/imagine prompt: a fox") == {"prompt": "a fox"}
    assert fields_of("/imagine --prompt a red fox --n 2")["prompt"] == "a red fox"


@pytest.mark.parametrize(
    ("text", "prompt"),
    [
        (r"a \--steps dance", "a --steps dance"),
        (r"a \\--steps dance", r"a \--steps dance"),
        (rf"\{EM}no comment", f"{EM}no comment"),
    ],
)
def test_a_backslash_turns_an_option_into_words(text: str, prompt: str) -> None:
    assert fields_of(text) == {"prompt": prompt}


def test_a_backslash_works_inside_a_value_too() -> None:
    assert fields_of(r"a fox --no fog \--steps dance")["negative_prompt"] == "fog --steps dance"


def test_a_word_that_only_begins_like_a_foreign_value_stays_in_the_prompt() -> None:
    assert fields_of("--v 6-headed dragon") == {"prompt": "6-headed dragon"}


def test_a_quoted_value_keeps_what_looks_like_options() -> None:
    text = r'a fox --no "say \"--steps 3\" twice, a\\b" --n 2'
    assert fields_of(text)["negative_prompt"] == r'say "--steps 3" twice, a\b'
    assert fields_of(text)["num_images"] == "2"


def test_nothing_inside_quotes_is_an_option() -> None:
    asked = fields_of(f'a fox --no "a --steps 3 {EM}seed b" --n 2')
    assert asked == {
        "prompt": "a fox",
        "negative_prompt": f"a --steps 3 {EM}seed b",
        "num_images": "2",
    }


def test_a_quote_that_never_closes_is_dropped_from_the_value() -> None:
    asked = fields_of(f"a fox --no {LEFT}fog, rain --model 'x --n 2")
    assert asked == {
        "prompt": "a fox",
        "negative_prompt": "fog, rain",
        "model": "x",
        "num_images": "2",
    }


def test_what_is_said_twice_adds_up_for_words_and_ends_with_the_last_for_values() -> None:
    asked = fields_of("a fox --no fog --n 2 --no rain --n 3")
    assert (asked["negative_prompt"], asked["num_images"]) == ("fog, rain", "3")


def test_words_after_a_switch_belong_to_the_prompt() -> None:
    assert parse("a --compel no cats --private yes") == Parsed(
        "imagine", {"prompt": "a no cats", "use_compel": True}, private=True
    )


@pytest.mark.parametrize(
    "written",
    ["768x512", "768X512", "768*512", "768 \N{MULTIPLICATION SIGN} 512", '"768x512"', "768x512px"],
)
def test_a_size_is_two_numbers(written: str) -> None:
    assert fields_of(f"a --size {written}") == {"prompt": "a", "width": 768, "height": 512}


@pytest.mark.parametrize(
    ("ratio", "size"),
    [
        ("1:1", (768, 768)),
        ("3:2", (960, 640)),
        ("2:3", (640, 960)),
        ("4:3", (768, 576)),
        ("16:9", (1024, 576)),
        ("9:16", (576, 1024)),
        ("21:9", (896, 384)),
        ("2:1", (1024, 512)),
        ("1.5", (960, 640)),
        ("3/2", (960, 640)),
        ("3 : 2", (960, 640)),
    ],
)
def test_a_ratio_becomes_the_listed_size_nearest_to_it_and_to_the_usual_area(
    ratio: str, size: tuple[int, int]
) -> None:
    parsed = parse(f"a --ar {ratio}")
    assert (parsed.fields["width"], parsed.fields["height"]) == size
    assert parsed.notes == ()


def test_a_ratio_that_cannot_be_met_is_approached_and_said() -> None:
    parsed = parse("a --aspect 100:1")
    assert parsed.notes == (
        Note("nearest_shape", {"asked": "100:1", "width": 1024, "height": 128}),
    )


@given(st.floats(0.001, 1_000), st.floats(0.001, 1_000))
def test_every_ratio_becomes_a_listed_size(across: float, down: float) -> None:
    asked = fields_of(f"a --ar {across:.3f}:{down:.3f}")
    assert {asked["width"], asked["height"]} <= set(SIDES_PX)


@pytest.mark.parametrize(
    ("text", "code", "got"),
    [
        ("a --size big", "not_a_size", "big"),
        ("a --size 768", "not_a_size", "768"),
        ("a --ar narrow", "not_a_ratio", "narrow"),
        ("a --ar 0:1", "not_a_ratio", "0:1"),
        ("a --private=maybe", "not_yes_or_no", "maybe"),
    ],
)
def test_a_value_in_the_wrong_shape_is_named(text: str, code: str, got: str) -> None:
    (problem,) = problems_of(text)
    assert (problem.code, problem.data) == (code, {"got": got})


@pytest.mark.parametrize(
    ("text", "option", "flag"),
    [
        ("a --steps", "num_inference_steps", "--steps"),
        ("a --no --n 2", "negative_prompt", "--no"),
        ("a --size", "width", "--size"),
        ("a --seed --private", "seed", "--seed"),
    ],
)
def test_an_option_without_its_value_is_named(text: str, option: str, flag: str) -> None:
    assert problems_of(text) == [Problem(option, "no_value", {"flag": flag})]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("--step", "--steps"),
        ("--sede", "--seed"),
        ("--sied", "--seed"),
        ("--hight", "--height"),
        ("--sizes", "--size"),
        ("--negativ", "--no"),
        ("--privat", "--private"),
        (f"{EM}stpes", "--steps"),
        ("--zzz", None),
    ],
)
def test_a_wrong_option_is_answered_with_the_nearest_right_one(
    wrong: str, right: str | None
) -> None:
    got = wrong.replace(EM, "--")
    assert problems_of(f"a {wrong} 3") == [
        Problem("", "unknown_option", {"got": got, "nearest": right})
    ]


def test_only_some_mistakes_are_named_at_once() -> None:
    assert len(problems_of("a" + " --zzz" * 200)) == 8


def test_more_options_than_anybody_means_are_not_read() -> None:
    limit = {"limit": 250}
    assert problems_of("a" + " --no b" * 251) == [Problem("", "too_many_options", limit)]
    assert parse("a" + " \\--no b" * 251).fields["prompt"].count("--no") == 251


@pytest.mark.parametrize(
    ("written", "rest"),
    [
        ("--v 6", ""),
        ("--v 6.1", ""),
        ("--version=5", ""),
        (f"{EM}v 6", ""),
        ("--stylize 250", ""),
        ("--s 250", ""),
        ("--chaos 20", ""),
        ("--c 20", ""),
        ("--q 2", ""),
        ("--niji 6", ""),
        ("--style raw", ""),
        ("--weird 100", ""),
        ("--iw 2", ""),
        ("--sref <http://example.org/a|a b>", ""),
        ("--cref https://example.org/a https://example.org/b", ""),
        ("--sref random", ""),
        ("--p ab12cd", ""),
        ("--sampler Euler_a", ""),
        ("--clip_skip 2", ""),
        ("--tile", " at dusk"),
        ("--niji", " at dusk"),
        ("--video", " at dusk"),
        ("--fast", " at dusk"),
        ("--relax", " at dusk"),
        ("--turbo", " at dusk"),
    ],
)
def test_the_flags_of_other_bots_are_ignored_and_named(written: str, rest: str) -> None:
    parsed = parse(f"a fox {written}{rest} --n 2")
    assert parsed.fields == {"prompt": f"a fox{rest}", "num_images": "2"}
    (note,) = parsed.notes
    assert note.data["flags"][0].removesuffix("…") == written.replace(EM, "--")[:39]


def test_all_ignored_flags_are_in_one_note() -> None:
    parsed = parse("a fox --v 6 --n 2 --tile")
    flags = {"flags": ["--v 6", "--tile"], "tool": "Midjourney"}
    assert parsed.notes == (Note("foreign_flags", flags),)
    mixed = parse("a fox --v 6 --sampler Euler a").notes[0]
    assert mixed.data == {"flags": ["--v 6", "--sampler Euler a"], "tool": ""}


def test_pictures_and_webhooks_are_not_typed() -> None:
    assert problems_of("a --image x.png --webhook https://example.org") == [
        Problem("image", "image_in_text", {}),
        Problem("webhook", "not_in_chat", {}),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/imagine", Parsed("imagine")),
        ("/IMAGINE a", Parsed("imagine", {"prompt": "a"})),
        ("/again ab12", Parsed("again", arguments=("ab12",))),
        ("/vary  #ab12  2 ", Parsed("vary", arguments=("#ab12", "2"))),
        ("/show ab12", Parsed("show", arguments=("ab12",))),
        ("/cancel", Parsed("cancel")),
        ("/cancel ab12", Parsed("cancel", arguments=("ab12",))),
        ("/delete ab12 4", Parsed("delete", arguments=("ab12", "4"))),
        ("/quota", Parsed("quota")),
        ("/models\n", Parsed("models")),
        ("/settings", Parsed("settings")),
        ("/settings reset", Parsed("settings", arguments=("reset",))),
        ("/settings --no fog", Parsed("settings", {"negative_prompt": "fog"})),
        ("/help /Imagine", Parsed("help", arguments=("imagine",))),
    ],
)
def test_every_command_is_read(text: str, expected: Parsed) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("text", "code", "data"),
    [
        ("/", "unknown_command", {"got": "", "nearest": None}),
        ("/imagin a", "unknown_command", {"got": "imagin", "nearest": "imagine"}),
        ("/again", "argument_missing", {"missing": "id", "usage": "/again ID"}),
        ("/vary ab12", "argument_missing", {"missing": "number", "usage": "/vary ID NUMBER"}),
        ("/vary ab12 0", "no_such_number", {"got": "0", "maximum": 4}),
        ("/delete ab12 \N{SUPERSCRIPT TWO}", "no_such_number", {"got": "²", "maximum": 4}),
        ("/quota please", "extra_words", {"got": "please", "usage": "/quota"}),
        (
            "/settings rest",
            "unknown_word",
            {"got": "rest", "choices": ["reset"], "nearest": "reset"},
        ),
        ("/settings --seed 5", "option_not_here", {"command": "/settings"}),
        ("/again ab12 --steps 5", "option_not_here", {"command": "/again"}),
        ("/again ab12 --private", "option_not_here", {"command": "/again"}),
        ("x" * 16_001, "too_long", {"limit": 16_000, "got": 16_001}),
    ],
)
def test_a_wrong_command_is_explained(text: str, code: str, data: dict[str, Any]) -> None:
    (problem,) = problems_of(text)
    assert (problem.code, problem.data) == (code, data)


# --- properties ------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        *("--", "---", EM, EN, "=", "\\", '"', "'", LEFT, RIGHT, " ", "\n", "/", "prompt:"),
        *("no", "size", "768x512", "ar", "3:2", "n", "steps", "cfg", "seed", "model", "private"),
        *("compel", "v", "6", "tile", "sref", "<@U1|x>", "<http://a.b|c d>", "a", "cat's", "🦊"),
    ]
)
LETTERS = st.characters(exclude_categories=["Cs"])
WORD_LISTS = st.lists(PIECES | st.text(LETTERS, max_size=5), min_size=1, max_size=15)
OPENINGS = st.sampled_from(["--no", "--steps 3", f"{EM}seed 4", "\\--v 6", '"a', 'b"', "'c"])
WORDS = (
    WORD_LISTS.map("".join)
    | WORD_LISTS.map(" ".join)
    | st.lists(OPENINGS | PIECES, min_size=1, max_size=8).map(" ".join)
)
TEXTS = st.text() | st.lists(PIECES, max_size=30).map("".join) | WORDS


@settings(max_examples=500)
@given(TEXTS)
@example('/imagine --no "')
@example("--size\u2003x")
def test_any_text_is_understood_or_explained(text: str) -> None:
    try:
        parsed = parse(text)
    except BadRequest as refused:
        assert refused.problems  # noqa: PT017  (both outcomes are right)
    else:
        assert isinstance(parsed.private, bool)
        assert all(isinstance(argument, str) for argument in parsed.arguments)


@st.composite
def requests(draw: st.DrawFn) -> ImageRequest:
    options: dict[str, st.SearchStrategy[Any]] = {
        "negative_prompt": WORDS,
        "num_images": st.integers(1, 4),
        "num_inference_steps": st.integers(1, 512),
        "guidance_scale": st.floats(1, 20),
        "strength": st.floats(0, 1),
        "width": st.sampled_from(SIDES_PX),
        "height": st.sampled_from(SIDES_PX),
        "seed": st.integers(0, SEED_MAX),
        "use_compel": st.booleans(),
        "lora": WORDS.map(lambda text: text[:200]),
        "model": WORDS.map(lambda text: text[:200]),
    }
    fields = draw(st.fixed_dictionaries({"prompt": WORDS}, optional=options))
    weighted = fields.get("use_compel") is True
    fields["prompt"] = foreign_syntax.read(fields["prompt"], weighted=weighted).prompt
    try:
        return validate(fields)
    except BadRequest:  # of nothing but blanks
        reject()


@settings(max_examples=500)
@given(requests(), st.booleans())
def test_a_request_written_as_a_command_reads_as_the_same_request(
    request: ImageRequest,
    private: bool,
) -> None:
    parsed = parse(command_parser.format(request, private=private))
    assert validate(parsed.fields) == request
    assert (parsed.command, parsed.private) == ("imagine", private)
    assert {note.code for note in parsed.notes} <= {"kept_as_words", "choices"}  # still words


def test_the_longest_request_still_fits_in_a_command() -> None:
    longest = ImageRequest(
        prompt="--a " * 750,
        negative_prompt='"' * 3_000,
        lora='"' * 200,
        model="\\" * 200,
        guidance_scale=1.2345678901234567,
        seed=SEED_MAX,
    )
    assert validate(parse(command_parser.format(longest)).fields) == longest


def test_a_command_is_written_the_way_people_would() -> None:
    asked = ImageRequest(
        prompt="a cat's hat",
        negative_prompt="fog, rain",
        num_images=2,
        guidance_scale=7,
        width=768,
        height=512,
        use_compel=True,
        seed=7,
    )
    assert command_parser.format(asked, private=True) == (
        "/imagine a cat's hat --size 768x512 --no fog, rain --images 2 --guidance 7 "
        "--seed 7 --compel --private"
    )


def test_what_was_left_open_is_not_written() -> None:
    assert command_parser.format(ImageRequest(prompt="a cat")) == "/imagine a cat"
