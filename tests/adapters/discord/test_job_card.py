"""A job's view becomes exactly this message."""

from dataclasses import replace
from typing import Any

import pytest
from discord.ui import LayoutView
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.discord.platform.limits import (
    MEDIA_DESCRIPTION_MAX_CHARS,
    TEXT_DISPLAY_TOTAL_MAX_CHARS,
)
from adapters.discord.rendering import job_card
from adapters.discord.rendering.markup import escaped, quoted, sentence
from bot.domain.asker import DISCORD
from bot.domain.community_settings import CommunitySettings, Hearing
from bot.domain.job_view import Phase, Progress
from bot.domain.moderation_policy import Flagged
from bot.errors import BackendBusy, BackendRejected
from bot.request.image_request import PROMPT_MAX_CHARS
from bot.wording.settings.community import holding
from tests.support.views import job_view, picture_view

PICTURE = picture_view(spoiler=True)
DONE = job_view(
    platform=DISCORD,
    community="1",
    person="42",
    name="Ann",
    pictures=(PICTURE,),
    options={"negative_prompt": "dogs", "width": 768, "height": 512, "guidance_scale": 9.0},
    takes=frozenset({"prompt", "image"}),
)
SHOWN = job_card.Shown(number=1, name="limner-abcd1234-1.png", alt="a cat", spoiler=True)


def components_of(layout: LayoutView) -> list[dict[str, Any]]:
    return layout.to_components()  # type: ignore[no-untyped-call,no-any-return]


def texts(components: list[dict[str, Any]]) -> list[str]:
    found = []
    for each in components:
        if "content" in each:
            found.append(each["content"])
        found += texts(each.get("components", []))
    return found


def count(components: list[dict[str, Any]]) -> int:
    inner = sum(count(each.get("components", [])) for each in components)
    return len(components) + inner


def test_a_result_is_exactly_this_payload() -> None:
    assert components_of(job_card.card(DONE, [SHOWN])) == [
        {
            "type": 17,
            "accent_color": 0x3BA55D,
            "spoiler": False,
            "components": [
                {"type": 10, "content": "<@42> drew\n> a cat"},
                {
                    "type": 12,
                    "items": [
                        {
                            "media": {"url": "attachment://limner-abcd1234-1.png"},
                            "description": "a cat",
                            "spoiler": True,
                        }
                    ],
                },
                {
                    "type": 10,
                    "content": (
                        "-# 768 × 512 · no `dogs` · guidance 9 · seed `7` · "
                        "stable-diffusion-2-1 · `abcd1234`"
                    ),
                },
                {
                    "type": 1,
                    "components": [
                        button("Again", "again:abcd1234", style=1),
                        button("Vary", "vary:abcd1234:1"),
                        button("Enlarge", "enlarge:abcd1234:1"),
                        button("Edit", "edit:abcd1234"),
                        button("Files", "files:abcd1234"),
                    ],
                },
                {
                    "type": 1,
                    "components": [
                        {
                            "type": 3,
                            "custom_id": "more:abcd1234",
                            "min_values": 1,
                            "max_values": 1,
                            "disabled": False,
                            "required": True,
                            "placeholder": "More …",
                            "options": [
                                option("Favourite", "favourite"),
                                option("Parameters", "parameters"),
                                option("Report", "report", "To the moderators"),
                                option("Delete", "delete"),
                            ],
                        }
                    ],
                },
            ],
        }
    ]


def test_the_id_of_a_shared_result_leads_to_its_page() -> None:
    link = "https://draw.example.org/j/abcd1234." + "a2" * 13
    (facts,) = [
        each
        for each in texts(components_of(job_card.card(replace(DONE, link=link), [SHOWN])))
        if "seed" in each
    ]
    assert f"[abcd1234](<{link}>)" in facts
    assert "`abcd1234`" not in facts


def test_the_pictures_of_a_batch_have_a_row_of_numbered_buttons() -> None:
    pictures = tuple(replace(PICTURE, number=number) for number in (1, 2, 3, 4))
    batch = replace(DONE, pictures=pictures, asked_pictures=4)
    (box,) = components_of(job_card.card(batch, [replace(SHOWN, number=n) for n in (1, 2, 3, 4)]))
    _, vary, enlarge, _ = [each["components"] for each in box["components"] if each["type"] == 1]
    assert vary == [button(f"Vary {n}", f"vary:abcd1234:{n}") for n in (1, 2, 3, 4)]
    assert enlarge == [button(f"Enlarge {n}", f"enlarge:abcd1234:{n}") for n in (1, 2, 3, 4)]
    assert "Pictures 1 to 4, from left to right, then down." in texts([box])[1]
    named = [item["description"] for each in box["components"] for item in each.get("items", [])]
    assert named == [f"Picture {n}: a cat" for n in (1, 2, 3, 4)]
    left = components_of(job_card.card(replace(batch, pictures=pictures[1:2]), [SHOWN]))
    assert button("Vary 2", "vary:abcd1234:2") in left[0]["components"][-3]["components"]
    assert "This is picture 2." in texts(left)[1]


def button(label: str, custom_id: str, *, style: int = 2) -> dict[str, Any]:
    return {"type": 2, "style": style, "label": label, "disabled": False, "custom_id": custom_id}


def option(label: str, value: str, description: str = "") -> dict[str, Any]:
    more = {"description": description} if description else {}
    return {"label": label, "value": value, "default": False, **more}


def test_what_a_model_cannot_do_is_not_shown() -> None:
    plain = components_of(job_card.card(replace(DONE, takes=frozenset({"prompt"})), [SHOWN]))
    assert "vary" not in str(plain)
    assert "enlarge" not in str(plain)


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        (
            {"phase": Phase.WAITING, "progress": Progress(place=3, eta_s=40)},
            "Place 3 in line, starts in about 40 s",
        ),
        (
            {"phase": Phase.DRAWING, "progress": Progress(fraction=0.5)},
            "▰▰▰▰▰▰▱▱▱▱▱▱  Drawing, 50%",
        ),
        (
            {"phase": Phase.FAILED, "failure": BackendBusy()},
            (
                "The image service is too busy and started nothing. Nothing was charged. "
                "Please try again in a minute."
            ),
        ),
        ({"phase": Phase.CANCELLED}, "Cancelled. Nothing was charged."),
        ({"phase": Phase.REMOVED}, "Deleted."),
    ],
)
def test_each_state_says_where_it_stands(changes: dict[str, Any], line: str) -> None:
    view = replace(DONE, **{"pictures": (), **changes})
    assert texts(components_of(job_card.card(view)))[1] == line


def test_a_second_look_is_offered_while_there_can_be_one() -> None:
    withheld = replace(DONE, phase=Phase.WITHHELD, pictures=(), second_look=True)
    assert "look:abcd1234" in str(components_of(job_card.card(withheld)))
    partly = components_of(job_card.card(replace(DONE, second_look=True), [SHOWN]))
    assert "'value': 'look'" in str(partly)
    for over in (withheld, DONE):
        plain = components_of(job_card.card(replace(over, second_look=False)))
        assert "look:" not in str(plain)
        assert "'value': 'look'" not in str(plain)


def test_without_its_prompt_a_card_repeats_no_word_of_it() -> None:
    view = replace(DONE, options={"negative_prompt": "cats", "lora": "cat-lora"})
    refused = BackendRejected(detail="422: no cats")
    for each in (view, replace(view, phase=Phase.FAILED, failure=refused)):
        assert "cat" in str(components_of(job_card.card(each, [SHOWN])))
        assert "cat" not in str(components_of(job_card.card(each, [SHOWN], with_prompt=False)))


@given(st.text(max_size=PROMPT_MAX_CHARS))
@example("a" + "\n" * (PROMPT_MAX_CHARS - 2) + "b")
def test_no_prompt_outgrows_a_message(prompt: str) -> None:
    view = replace(DONE, prompt=prompt, pictures=(PICTURE,) * 4)
    shown = [replace(SHOWN, alt=prompt[:1_000])] * 4
    components = components_of(job_card.card(view, shown))
    assert sum(map(len, texts(components))) <= TEXT_DISPLAY_TOTAL_MAX_CHARS
    assert count(components) <= 40
    for each in components[0]["components"]:
        for item in each.get("items", []):
            assert len(item.get("description", "")) <= MEDIA_DESCRIPTION_MAX_CHARS


@given(st.text(alphabet="\\`*_~|<>@#-[]()!:/ ea1.\n", max_size=40))
def test_nothing_in_a_prompt_mentions_or_marks_up(text: str) -> None:
    marked = escaped(text)
    assert "@everyone" not in marked
    for mark in "`*_~|<>[]@":
        assert marked.count(mark) == marked.count(f"\\{mark}")


def test_a_long_prompt_is_cut_and_says_so() -> None:
    shown = quoted("*" * 3_000, 1_500)
    assert len(shown) <= 1_503
    assert shown.endswith("…")


def test_no_settings_outgrow_a_message() -> None:
    ids = tuple(str(10**18 + number) for number in range(500))
    settings = CommunitySettings(
        channels=ids,
        trusted_roles=ids,
        flagged_channels=dict.fromkeys(ids, Flagged.REVIEW),
        role_day_micros=dict.fromkeys(ids, 99_999_000_000),
        role_month_micros=dict.fromkeys(ids, 99_999_000_000),
        account_age_days=365,
        strike_days=7,
    )
    lines = sentence(holding(settings, DISCORD, Hearing.HEARD)).split("\n")
    assert len("\n".join(lines)) < TEXT_DISPLAY_TOTAL_MAX_CHARS - 500
    assert lines[0].endswith(f"<#{ids[14]}> and 485 more")
    assert lines[-2] == "-# and 485 more"
    assert lines[-1].startswith("**Newcomers**")
