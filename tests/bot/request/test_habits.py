# ruff: noqa: RUF001  (other keyboards' characters are what it is about)
"""How people write who come from other keyboards and other tools: understood, or named."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import BadRequest
from bot.request import command_parser
from bot.request.command_parser import parse
from bot.request.options import BY_SPELLING, shown, validate
from bot.wording import plain
from bot.wording.options import explain_note

# Source: the Unicode Character Database, PropList.txt, "Dash"; and what input methods write for it.
DASHES_OF_UNICODE = (
    *(0x2D, 0x58A, 0x5BE, 0x1400, 0x1806, *range(0x2010, 0x2016), 0x2053, 0x207B, 0x208B, 0x2212),
    *(0x2E17, 0x2E1A, 0x2E3A, 0x2E3B, 0x2E40, 0x2E5D, 0x301C, 0x3030, 0x30A0, 0xFE31, 0xFE32),
    *(0xFE58, 0xFE63, 0xFF0D, 0x2500, 0x2796, 0x30FC),
)
WIDE, TALL, SQUARE = (1024, 576), (640, 960), (768, 768)


def size_of(text: str) -> tuple[Any, Any, str]:
    fields = parse(text).fields
    return fields.get("width"), fields.get("height"), fields.get("prompt", "")


@pytest.mark.parametrize(
    ("text", "size", "prompt"),
    [
        ("猫 －－ａｒ １６：９", WIDE, "猫"),
        ("cat -–ar 16:9", WIDE, "cat"),
        ("cat ‑‑ar 16:9", WIDE, "cat"),
        ("cat ‐‐ar 16:9", WIDE, "cat"),
        ("cat −−ar 16:9", WIDE, "cat"),
        ("cat ﹣﹣ar 16:9", WIDE, "cat"),
        ("猫--ar 16:9", WIDE, "猫"),
        ("猫——ar 16:9", WIDE, "猫"),
        ("แมว--ar 16:9", WIDE, "แมว"),
        ("고양이--ar 16:9", WIDE, "고양이"),
        ("猫，--ar 1:1", SQUARE, "猫，"),
        ("a cat,--ar 1:1", SQUARE, "a cat,"),
        ("🦊--ar 1:1", SQUARE, "🦊"),
        ("cat \u200b--ar 1:1", SQUARE, "cat \u200b"),
        ("cat --\u2060ar\u200b 1:1", SQUARE, "cat"),
        ("cat\xa0--ar\xa01:1", SQUARE, "cat"),
        ("cat\u3000--ar\u30001:1", SQUARE, "cat"),
        ("cat --ar 16:9, at dusk", WIDE, "cat at dusk"),
        ("cat --ar 16:9.", WIDE, "cat"),
        ("cat --ar 16:9; at dusk", WIDE, "cat at dusk"),
        ("cat --ar16:9", WIDE, "cat"),
        ("cat --ar:16:9", WIDE, "cat"),
        ("cat --ar 16 9", WIDE, "cat"),
        ("cat --ar 16 9 at dusk", WIDE, "cat at dusk"),
        ("cat --aspect_ratio 16:9", WIDE, "cat"),
        ("cat --ratio 16:9", WIDE, "cat"),
        ("cat --size 16:9", WIDE, "cat"),
        ("cat --ar wide", WIDE, "cat"),
        ("cat --ar Portrait", TALL, "cat"),
        ("cat --size square", SQUARE, "cat"),
        ("cat --size 640 960", TALL, "cat"),
        ("cat --size640x960", TALL, "cat"),
        ("cat --size auto", (None, None), "cat"),
        ("cat --ar auto at dusk", (None, None), "cat at dusk"),
        ("cat --ar =16:9", WIDE, "cat"),
        ("cat --ar : 16:9", WIDE, "cat"),
        ("cat --ar (16:9)", WIDE, "cat"),
        ("cat --ar 16∶9", WIDE, "cat"),
        ("cat --ar 16-9", WIDE, "cat"),
        ("cat --ar ١٦:٩", WIDE, "cat"),
        ("cat -\u200b-ar 16:9", WIDE, "cat"),
        ("cat --ar 16:9--n 1", WIDE, "cat"),
        ("cat --aspectratio 16:9", WIDE, "cat"),
        ("cat --resolution 640x960", TALL, "cat"),
        ("cat --size 640х960", TALL, "cat"),
        ("cat --size 640 by 960", TALL, "cat"),
        ("cat --size 640,960", TALL, "cat"),
        ("cat --size 640w960h", TALL, "cat"),
    ],
)
def test_a_shape_in_any_writing(text: str, size: tuple[int, int], prompt: str) -> None:
    assert size_of(text) == (*size, prompt)
    assert parse(text).notes == ()


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("--steps 30,", "num_inference_steps", 30),
        ("--steps30", "num_inference_steps", 30),
        ("--steps: 30", "num_inference_steps", 30),
        ("--steps ３０", "num_inference_steps", 30),
        ("--n4", "num_images", 4),
        ("--cfg 7.", "guidance_scale", 7.0),
        ("--w512px", "width", 512),
        ("--seed 42;", "seed", 42),
        ("--seed -1", "seed", None),
        ("--seed random", "seed", None),
        ("--neg fog", "negative_prompt", "fog"),
        ("--denoise 0.4", "strength", 0.4),
        ("--batch_size 2", "num_images", 2),
        ("--model klein,", "model", "klein"),
        ("--seed 4 294 967 295", "seed", 4_294_967_295),
        ("--seed 1,234,567", "seed", 1_234_567),
        ("--steps 20 steps", "num_inference_steps", 20),
        ("--w 512 px", "width", 512),
        ("--images 4 images", "num_images", 4),
        ("--uc fog", "negative_prompt", "fog"),
        ("--ddim_steps 20", "num_inference_steps", 20),
        ("--denoising 0.4", "strength", 0.4),
    ],
)
def test_a_value_in_any_writing(text: str, field: str, value: object) -> None:
    request = validate(parse(f"a fox {text}").fields)
    assert (getattr(request, field), request.prompt) == (value, "a fox")


@pytest.mark.parametrize(
    ("flags", "tool"),
    [
        ("--sref 123 456", "Midjourney"),
        ("--sref 123::2 https://example.org/a", "Midjourney"),
        ("--p ab1 cd2", "Midjourney"),
        ("--v6", "Midjourney"),
        ("--quality high", "OpenAI"),
        ("--quality .25", "Midjourney"),
        ("--repeat 4", "Midjourney"),
        ("--sampler DPM++ 2M SDE Karras", "A1111"),
        ("--sampler Euler a", "A1111"),
        ("--scheduler SGM Uniform", "A1111"),
        ("--edit https://example.org/a.png", "Midjourney"),
        ("--background transparent", "OpenAI"),
        ("--style vivid", "OpenAI"),
        ("--style raw", "Midjourney"),
        ("--p a b", "Midjourney"),
        ('--sampler "Euler a"', "A1111"),
        ("--sampler=DPM++ 2M Karras", "A1111"),
        ("--sampler UniPC bh2", "A1111"),
        ("--sampling-method Euler a", "A1111"),
        ('--performance "Extreme Speed"', "Fooocus"),
        ("--ucPreset 0", "NovelAI"),
        ("--perlin 0.1", "InvokeAI"),
        ("--edit fox.png", "Midjourney"),
    ],
)
def test_flags_of_other_tools_take_all_their_words_along(flags: str, tool: str) -> None:
    for rest in ("", ", at dusk", " at dusk"):
        parsed = parse(f"a fox {flags}{rest}")
        assert parsed.fields == {"prompt": f"a fox{rest.lstrip(',')}"}
        (note,) = parsed.notes
        assert note.data == {
            "flags": [shown(re.sub("--[A-Za-z-]+", _as_read, flags))],
            "tool": tool,
        }


def _as_read(flag: re.Match[str]) -> str:
    return "--" + flag[0].removeprefix("--").replace("-", "_").lower()


@pytest.mark.parametrize(
    ("text", "fields", "said"),
    [
        ("a fox --w 500", {}, "I took --w 500 for Midjourney's and ignored it."),
        ("<lora:ink:1> a fox", {"lora": "ink"}, ""),
        ("<lora:ink:0.8> a fox", {"lora": "ink"}, "its weight of 0.8"),
        ("a <lora:ink> <lora:moon:1> fox", {"lora": "ink"}, "so I left out moon."),
        ("a fox::2", {}, "I drew all parts alike, without ::2."),
        ("a fox <:sparkle:123456789012345678>", {"prompt": "a fox sparkle"}, ""),
        ("a {red, blue} fox", {"prompt": "a {red, blue} fox"}, "one wish is one job"),
        ("a fox-ar 3:2", {"prompt": "a fox-ar 3:2"}, ""),
        ("a fox -ar 3:2", {"prompt": "a fox -ar 3:2"}, "I took -ar as words of the prompt."),
        ("a fox--ar 3:2", {"prompt": "a fox--ar 3:2"}, "I took --ar as words of the prompt."),
    ],
)
def test_what_other_tools_write_is_understood_or_named(
    text: str, fields: dict[str, Any], said: str
) -> None:
    parsed = parse(text)
    assert parsed.fields == {"prompt": "a fox", **fields}
    assert len(parsed.notes) == bool(said)
    assert said in "".join(plain(explain_note(note)) for note in parsed.notes)


@pytest.mark.parametrize("breaks", ["\n", " "])
def test_a_pasted_block_becomes_options(breaks: str) -> None:
    facts = (
        "Steps: 20, Sampler: DPM++ 2M, CFG scale: 7.5, Seed: 5, Size: 512x768, Model hash: "
        '6ce0161689, Lora hashes: "ink: 1a2b, moon: 3c4d", Version: v1.9'
    )
    block = breaks.join(
        (
            "a fox in the snow, <lora:ink:1>",
            "Negative prompt: fog, rain",
            facts,
        )
    )
    parsed = parse(block)
    request = validate(parsed.fields)
    assert (request.prompt, request.negative_prompt) == ("a fox in the snow,", "fog, rain")
    assert (request.num_inference_steps, request.guidance_scale, request.seed) == (20, 7.5, 5)
    assert (request.width, request.height, request.lora) == (512, 768, "ink")
    (note,) = parsed.notes
    assert plain(explain_note(note)) == (
        "I took the settings that you pasted: no, steps, guidance, seed and size. "
        "I can't use sampler, model hash, lora hashes and version."
    )


def test_what_was_typed_beside_a_pasted_block_counts() -> None:
    parsed = parse("a fox\nSteps: 20, Seed: 5 --seed 9")
    assert parsed.fields == {"prompt": "a fox", "num_inference_steps": "20", "seed": "9"}


@pytest.mark.parametrize("prompt", ["\u200b", "\ufeff \u2060", "\xad", "\u3000\u200e"])
def test_a_prompt_that_nobody_could_see_is_none(prompt: str) -> None:
    with pytest.raises(BadRequest) as refused:
        validate({"prompt": prompt})
    assert refused.value.problems[0].code == "missing"


@pytest.mark.parametrize("dash", sorted(map(chr, DASHES_OF_UNICODE)))
def test_two_of_any_dash_begin_an_option(dash: str) -> None:
    for before in ("cat ", "猫 ", "猫", "4", "(cat)"):
        assert size_of(f"{before}{dash}{dash}ar 16:9") == (*WIDE, before.strip())


@pytest.mark.parametrize(
    ("text", "prompt"),
    [
        ('a sign "wait —no entry" at dusk', 'a sign "wait —no entry" at dusk'),
        ("a sign “go --seed 4”", "a sign “go --seed 4”"),
        ("看板「猫 --ar 3:2」", "看板「猫 --ar 3:2」"),
        ("看板「--ar 3:2」", "看板「--ar 3:2」"),
        ("すごーーい猫", "すごーーい猫"),
        ("a 3–h walk, 20–n", "a 3–h walk, 20–n"),
        ("a house —old and creaky", "a house —old and creaky"),
        ("a sign (a door) in c++ and std::vector", "a sign (a door) in c++ and std::vector"),
    ],
)
def test_quoted_words_and_a_script_of_its_own_are_left_alone(text: str, prompt: str) -> None:
    assert parse(text).fields == {"prompt": prompt}


@pytest.mark.parametrize(
    "text",
    [
        "**a fox --seed 4**",
        "**a fox --seed 4** - <@123456789012345678> (fast)",
        "`a fox --seed 4`",
        "```a fox --seed 4```",
        '"a fox --seed 4"',
        "“a fox --seed 4”",
        "||a fox --seed 4||",
        "a fox --seed (4)",
        "a fox --seed 「4」",
        "a fox --seed =4",
        "a fox --seed : 4",
    ],
)
def test_what_copying_puts_around_an_option_is_left_out(text: str) -> None:
    assert parse(text).fields == {"prompt": "a fox", "seed": "4"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a fox -- ar 3:2", "-- ar"),
        ("a fox – ar 3:2", "– ar"),
        ("a fox -n 2 -s 50", "-n and -s"),
        ("a fox -W512", "-W"),
        ("a fox -v 6", "-v"),
        ("a fox --8k", "--8k"),
    ],
)
def test_what_is_nearly_an_option_is_named(text: str, words: str) -> None:
    parsed = parse(text)
    assert parsed.fields == {"prompt": text}
    assert plain(explain_note(parsed.notes[0])).startswith(f"I took {words} as words")


@pytest.mark.parametrize(
    ("text", "prompt", "said"),
    [
        ("(a fox:1.2)", "a fox", "(a fox:1.2)"),
        ("((a fox)) at dusk", "a fox at dusk", "((a fox))"),
        ("a [fox] at {dusk}", "a fox at dusk", "[fox] and {dusk}"),
        ("a fox++ (at dusk)1.3", "a fox at dusk", "fox++ and (at dusk)1.3"),
        ("1.3::a fox ::", "a fox", "::1.3"),
        ("a fox:: dusk", "a fox, dusk", ""),
        ("a fox ::2 dusk ::1", "a fox, dusk", "::2 and ::1"),
        ("<hypernet:ink:1> a fox", "a fox", "<hypernet:ink:1>"),
        ("a fox, embedding:easynegative", "a fox,", "embedding:easynegative"),
        ("a __colour__ fox", "a colour fox", "__colour__"),
        ("{{ 7 * 7 }} and {% raw %}", "{{ 7 * 7 }} and {% raw %}", ""),
        ("a [fox](https://fox.example)", "a [fox](https://fox.example)", ""),
        ("a [red:blue:0.5] fox", "a [red:blue:0.5] fox", "[red:blue:0.5]"),
        ("<@123456789012345678> and a fox", "and a fox", "<@123456789012345678>"),
        ("<@U12AB34CD|ann> and <#C12AB34CD|art>", "ann and art", ""),
        (
            "a fox --lora moon:0.8 --lora ink",
            "a fox",
            "left out ink. The LoRA counts whole: its weight of 0.8",
        ),
    ],
)
def test_syntax_of_others_is_named_and_not_drawn(text: str, prompt: str, said: str) -> None:
    parsed = parse(text)
    assert parsed.fields["prompt"] == prompt
    assert said in " ".join(plain(explain_note(note)) for note in parsed.notes)
    assert bool(parsed.notes) == bool(said)


def test_weighted_words_are_written_for_compel_where_that_is_on() -> None:
    parsed = parse("(a fox:1.2) and ((snow)), [[fog]], (dusk)1.3, ice++ --compel")
    assert parsed.fields["prompt"] == "(a fox)1.2 and (snow)++, (fog)--, (dusk)1.3, ice++"
    assert parsed.notes == ()


@pytest.mark.parametrize("text", ["::2", "<@123456789012345678>", "<lora:ink:1>", "[ ]", "--v 7"])
def test_a_prompt_that_is_empty_once_it_is_read_is_refused(text: str) -> None:
    with pytest.raises(BadRequest) as refused:
        validate(parse(text).fields)
    assert refused.value.problems[0].code == "missing"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *[("--nn 2", "--images"), ("--stre 1", "--strength"), ("--negs fog", "--no")],
        *[("--no_text", "--no"), ("--loras a", "--lora"), ("--guidence 5", "--guidance")],
    ],
)
def test_the_nearest_name_is_suggested(typed: str, meant: str) -> None:
    with pytest.raises(BadRequest) as refused:
        parse(f"a fox {typed}")
    assert refused.value.problems[0].data["nearest"] == meant


DASHES = st.sampled_from(["--", "—", "－－", "‑‑", "-–", "——", "-", "ーー", "-\u200b-", "-- "])
NAMES = st.sampled_from(sorted(BY_SPELLING))
BEFORE = st.sampled_from(["a fox ", "猫", "a fox,", "a fox", "🦊", "\u200b", "4", '"', "「", "**"])
VALUES = st.sampled_from([" 3", "=3", "3", " 3, b", ": 3", "", " : 3", " (3)", '"', "」", "**"])
FOREIGN = st.sampled_from(
    [
        *(
            "(fox:1.2)",
            "((",
            "))",
            "[",
            "]",
            "{",
            "}",
            "{a, b}",
            "fox++",
            "::2",
            "1.3::",
            " ::",
            "__a__",
        ),
        *("<lora:ink:0.8>", "<@123456789012345678>", "<@U12345678|ann>", "<:a:123456789012345678>"),
        *(
            "embedding:x",
            "--sref 123 456",
            "--sampler Euler a",
            "--lora a:0.5 ",
            "Steps: 3, Seed: 4,",
        ),
        *(" Negative prompt: ", "\n", " ", ", "),
    ]
)


@settings(max_examples=500)
@given(BEFORE, DASHES, NAMES, VALUES)
def test_no_name_of_an_option_is_drawn_without_a_word(
    before: str, dashes: str, name: str, value: str
) -> None:
    try:
        parsed = parse(f"{before}{dashes}{name}{value}")
    except BadRequest:
        return
    is_drawn = re.search(rf"{dashes}{name}(?!\w)", parsed.fields.get("prompt", ""))
    is_punctuation = before in ("a fox", '"', "「", "**") and dashes in ("-", "—", "——")
    assert not is_drawn or parsed.notes or is_punctuation or name in ("n", "w", "h")


@settings(max_examples=500)
@given(st.lists(BEFORE | DASHES | NAMES | VALUES | FOREIGN, max_size=12).map("".join))
def test_what_is_read_and_written_reads_as_the_same_again(text: str) -> None:
    try:
        request = validate(parse(text).fields)
    except BadRequest:
        return
    assert validate(parse(command_parser.format(request)).fields) == request
