"""A job's view becomes exactly these blocks, and every block keeps Slack's published limits."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.chat.custom_ids import CustomId
from adapters.slack.platform.limits import MESSAGE_TEXT_MAX_CHARS
from adapters.slack.rendering import blocks, job_card
from adapters.slack.rendering.job_card import Shown
from adapters.slack.rendering.markup import (
    code,
    code_blocks,
    entities,
    escaped,
    quoted,
    read,
    sentence,
    units,
)
from bot.domain.asker import SLACK
from bot.domain.job_view import Phase, Progress
from bot.errors import BackendBusy
from bot.request.image_request import PROMPT_MAX_CHARS
from bot.wording import Code, Money, Person, PicturesLeft, Text, When, say
from tests.adapters.slack.fake.rules import check_blocks
from tests.support.views import job_view, picture_view

PICTURE = picture_view()
DONE = job_view(
    platform=SLACK,
    community="T1",
    person="U42",
    name="Ann",
    pictures=(PICTURE,),
    options={"negative_prompt": "dogs", "width": 768, "height": 512, "guidance_scale": 9.0},
    takes=frozenset({"prompt", "image"}),
)
SHOWN = Shown(file="F1", alt="a cat")
# What people write and Slack could trip over.
HOSTILE = st.text(
    st.one_of(
        st.sampled_from("&<>*_~`:!@#|^\\\n\r\t \u200f\u202e\u0661\u05d0🐈‍⬛é"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=PROMPT_MAX_CHARS,
)


def mrkdwn(words: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": words, "verbatim": True}


def plain(words: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": words, "emoji": False}


def keeps_limits(made: list[dict[str, Any]]) -> None:
    check_blocks(made, "message", lambda _: "", "invalid_blocks")


def test_a_finished_card_reads_like_this() -> None:
    made = job_card.card(DONE, SHOWN)
    assert made[:3] == [
        {"type": "section", "text": mrkdwn("<@U42> drew\n> a cat")},
        {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "a cat"},
        {
            "type": "context",
            "elements": [
                mrkdwn(
                    "768 × 512 · no `dogs` · guidance 9 · seed `7` · stable-diffusion-2-1 · "
                    "`abcd1234`"
                )
            ],
        },
    ]
    (row,) = made[3:]
    assert row["type"] == "actions"
    assert [e["action_id"] for e in row["elements"]] == [
        "again:abcd1234",
        "vary:abcd1234:1",
        "enlarge:abcd1234:1",
        "edit:abcd1234",
        "files:abcd1234",
        "more:abcd1234",
    ]
    assert row["elements"][0] == {
        "type": "button",
        "text": plain("Again"),
        "action_id": "again:abcd1234",
        "value": "again:abcd1234",
        "style": "primary",
    }
    assert [(o["text"]["text"], o["value"]) for o in row["elements"][-1]["options"]] == [
        ("Favourite", "favourite"),
        ("Parameters", "parameters"),
        ("Report", "report"),
        ("Delete", "delete"),
    ]
    keeps_limits(made)


def test_the_id_of_a_shared_result_leads_to_its_page() -> None:
    link = "https://draw.example.org/j/abcd1234." + "a2" * 13
    made = job_card.card(replace(DONE, link=link), SHOWN)
    check_blocks(made, "message", lambda _: "", "invalid_blocks")
    assert f"<{link}|abcd1234>" in str(made)
    assert "`abcd1234`" not in str(made)


def test_four_pictures_have_a_button_each() -> None:
    pictures = tuple(replace(PICTURE, number=n) for n in (1, 2, 3, 4))
    view = replace(DONE, pictures=pictures, asked_pictures=4)
    made = job_card.card(view, SHOWN)
    assert [b["type"] for b in made[:3]] == ["section", "image", "context"]
    labels = [[e["text"]["text"] for e in row["elements"] if "text" in e] for row in made[3:]]
    assert labels == [
        ["Again", "Edit", "Files"],
        ["Vary 1", "Vary 2", "Vary 3", "Vary 4"],
        ["Enlarge 1", "Enlarge 2", "Enlarge 3", "Enlarge 4"],
    ]
    keeps_limits(made)


def test_a_card_that_waits_says_its_place_and_can_be_cancelled() -> None:
    view = replace(DONE, phase=Phase.WAITING, pictures=(), progress=Progress(place=3, eta_s=20.0))
    made = job_card.card(view)
    assert made[0]["text"]["text"] == "<@U42> asked for\n> a cat"
    assert made[1]["text"]["text"] == "Place 3 in line, starts in about 20 s"
    assert [e["action_id"] for e in made[-1]["elements"]] == ["cancel:abcd1234", "tell:abcd1234"]
    keeps_limits(made)


def test_measured_progress_is_a_bar() -> None:
    view = replace(DONE, phase=Phase.DRAWING, pictures=(), progress=Progress(fraction=0.5))
    assert job_card.card(view)[1]["text"]["text"] == "▰▰▰▰▰▰▱▱▱▱▱▱  Drawing, 50%"


def test_a_failure_says_why_and_offers_to_try_again() -> None:
    view = replace(DONE, phase=Phase.FAILED, pictures=(), failure=BackendBusy())
    made = job_card.card(view)
    assert made[1]["text"]["text"] == (
        "The image service is too busy and started nothing. Nothing was charged. "
        "Please try again in a minute."
    )
    assert [e["text"]["text"] for e in made[-1]["elements"]] == ["Try again", "Edit"]
    keeps_limits(made)


def test_a_covered_picture_is_a_line_with_a_button() -> None:
    view = replace(DONE, pictures=(replace(PICTURE, spoiler=True),))
    made = job_card.card(view)
    assert [b["type"] for b in made] == ["section", "section", "context", "actions"]
    assert made[1] == {
        "type": "section",
        "text": mrkdwn("1 picture is covered: perhaps not for everyone."),
        "accessory": {
            "type": "button",
            "text": plain("Show me"),
            "action_id": "reveal:abcd1234",
            "value": "reveal:abcd1234",
        },
    }
    keeps_limits(made)


def test_in_review_nothing_can_be_pressed() -> None:
    made = job_card.card(replace(DONE, phase=Phase.IN_REVIEW, pictures=(), in_review=1))
    assert [b["type"] for b in made] == ["section", "section", "context"]
    assert "In review: a moderator looks" in made[1]["text"]["text"]


def test_what_was_deleted_keeps_its_place() -> None:
    made = job_card.card(replace(DONE, phase=Phase.REMOVED, pictures=()))
    assert made[1]["text"]["text"] == "Deleted."


def test_words_that_are_gone_leave_no_buttons() -> None:
    assert [b["type"] for b in job_card.card(replace(DONE, prompt=""), SHOWN)] == [
        "section",
        "image",
        "context",
    ]


def test_a_summary_is_for_notifications() -> None:
    view = replace(DONE, prompt="<!channel>\n&" + "x" * 400)
    words = job_card.summary(view)
    assert words.startswith("Ann drew: &lt;!channel&gt; &amp;xxx")
    assert len(words) < 400
    assert "<" not in words


@given(prompt=HOSTILE, options=st.booleans(), count=st.integers(1, 4), phase=st.sampled_from(Phase))
def test_every_card_keeps_the_limits(prompt: str, options: bool, count: int, phase: Phase) -> None:
    pictures = tuple(replace(PICTURE, number=n + 1, alt=prompt[:1_000]) for n in range(count))
    view = replace(
        DONE,
        phase=phase,
        prompt=prompt,
        name=prompt[:80],
        pictures=pictures,
        asked_pictures=4,
        parent_id="abcd1235",
        options={"negative_prompt": prompt, "lora": prompt[:200]} if options else {},
        model=f"x/{prompt[:200]}",
    )
    shown = Shown(file="F1", alt=prompt[:1_000]) if pictures and phase is Phase.DONE else None
    made = job_card.card(view, shown)
    keeps_limits(made)
    assert len(job_card.summary(view)) <= MESSAGE_TEXT_MAX_CHARS
    for words in (made[0]["text"]["text"], job_card.summary(view)):
        assert "<!" not in words
        assert "<@" not in words.replace("<@U42>", "")


@given(HOSTILE)
def test_escaped_words_hold_no_markup(text: str) -> None:
    shown = escaped(text)
    assert not {"<", ">"} & set(shown)
    assert read(shown).replace("\u2060", "") == text.replace("\u2060", "")


@given(HOSTILE, st.integers(20, 3_000))
def test_a_quote_fits_and_is_one(text: str, most: int) -> None:
    shown = quoted(text, most)
    assert units(shown) <= max(most, 3)
    assert all(line.startswith("> ") for line in shown.split("\n"))


@given(HOSTILE)
def test_code_blocks_fit_and_close_and_hold_everything(text: str) -> None:
    shown = code_blocks(text, 100)
    for each in shown:
        assert units(each) <= 100
        assert each.startswith("```\n")
        assert each.endswith("\n```")
        assert each.count("```") == 2
    whole = "".join(each.removeprefix("```\n").removesuffix("\n```") for each in shown)
    assert whole == entities(text.replace("```", "\u02cb" * 3))


def test_a_code_block_ends_between_words() -> None:
    assert code_blocks("one two three", 20) == ["```\none two \n```", "```\nthree\n```"]


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("a cat", "a cat"),
        ("<@U1|ann> and <@U2>", "@ann and @U2"),
        ("in <#C1|art> or <#C2>", "in #art or #C2"),
        ("<!here|here> <!channel>", "@here @channel"),
        ("<!subteam^S1|@painters>", "@painters"),
        ("<https://x.example/a|x.example/a> <https://y.example>", "x.example/a https://y.example"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2", "1 < 2 && 3 > 2"),
        ("&lt;@U1&gt; &amp;lt;", "<@U1> &lt;"),
    ],
)
def test_what_slack_sends_is_read_as_it_was_typed(sent: str, meant: str) -> None:
    assert read(sent) == meant


def test_markup_of_people_shows_as_they_wrote_it() -> None:
    assert escaped("*a* _b_ ~c~ `d` :cat:").replace("\u2060", "|") == (
        "|*|a|*| |_|b|_| |~|c|~| |`|d|`| :|cat:"
    )


def test_sentences_become_markup() -> None:
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    parts = say(
        "{} {} {} {} {} {} {}",
        Text("<b>"),
        Code("a`b"),
        Money(12_500),
        When(noon),
        Person("U1"),
        Person("ann", "A<n"),
        PicturesLeft(2),
    )
    assert sentence(parts) == (
        "&lt;b&gt; `a\u02cbb` $0.0125 "
        "<!date^1795348800^{date_short_pretty} {time}|22 Nov 2026, 12:00 UTC> "
        "<@U1> A&lt;n about 2 pictures left"
    )


def test_custom_ids_are_read_back() -> None:
    for made in (CustomId("vary", "abcd1234", 2), CustomId("again", "abcd1234")):
        assert CustomId.read(str(made)) == made
    assert CustomId.read("again:abcd1234:77") is None
    assert CustomId.read("privacy:erase") is None


def test_long_answers_take_several_sections_of_whole_lines() -> None:
    made = blocks.sections(["x" * 1_400] * 5)
    assert [len(b["text"]["text"]) for b in made] == [2_801, 2_801, 1_400]
    keeps_limits(made)


def test_a_line_that_is_too_long_is_dropped_whole() -> None:
    (made,) = blocks.sections([f"head\n{code('x' * 4_000)}"])
    assert made["text"]["text"] == "head\n…"


def test_entities_change_nothing_else() -> None:
    assert entities("a_b & <c>") == "a_b &amp; &lt;c&gt;"
