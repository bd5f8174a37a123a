from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.web.rendering.cards import Bar, bar, cost, srcset
from adapters.web.rendering.tables import price
from adapters.web.rendering.templates import sentence, typed
from bot.domain.job_view import Phase, PictureView, Progress
from bot.domain.model import Price
from bot.wording import Code, Money, Person, PicturesLeft, Text, When
from tests.adapters.web.test_surface import VIEW


def test_each_part_of_a_sentence_becomes_html_and_is_escaped() -> None:
    parts = (
        Text("<b> "),
        Code("--no <i>"),
        Money(11_300),
        When(datetime(2026, 11, 22, 12, 5, tzinfo=UTC)),
        Person("u1", "Ann & Bob"),
        PicturesLeft(8),
    )
    assert [str(sentence((part,))) for part in parts] == [
        "&lt;b&gt; ",
        '<code dir="auto">--no &lt;i&gt;</code>',
        "$0.0113",
        '<time datetime="2026-11-22T12:05:00+00:00">22 Nov 2026, 12:05 UTC</time>',
        "<bdi>Ann &amp; Bob</bdi>",
        "about 8 pictures left",
    ]


def test_a_command_breaks_between_its_options_only() -> None:
    assert typed("/imagine a <b> --size 768x512 --private --no x") == (
        '/imagine a &lt;b&gt; <span class="keep">--size 768x512</span> '
        '<span class="keep">--private</span> <span class="keep">--no x</span>'
    )


@pytest.mark.parametrize(
    ("progress", "shown"),
    [
        (Progress(fraction=0.4), Bar(0.4, estimated=False, text="Drawing, 40%")),
        (Progress(elapsed_s=3), Bar(None, estimated=False, text="Drawing for 3 s")),
        (
            Progress(elapsed_s=2, expected_s=8),
            Bar(0.41, estimated=True, text="Drawing, about 6 s left (an estimate)"),
        ),
        (
            Progress(elapsed_s=80, expected_s=8),
            Bar(0.99, estimated=True, text="Drawing for 80 s, longer than the estimate"),
        ),
    ],
)
def test_a_bar_is_measured_or_says_that_it_is_an_estimate(progress: Progress, shown: Bar) -> None:
    assert bar(replace(VIEW, phase=Phase.DRAWING, progress=progress)) == shown


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({}, "free"),
        ({"phase": Phase.CANCELLED, "cost_micros": 0}, "free"),
        ({"quote_micros": 1_200}, "$0.0012 at most"),
        ({"quote_micros": 1_200, "phase": Phase.CANCELLED, "cost_micros": 0}, "$0.00"),
        ({"quote_micros": 1_200, "phase": Phase.DONE, "cost_micros": 900}, "$0.0009"),
    ],
)
def test_what_was_never_to_cost_anything_is_free(changes: dict[str, Any], shown: str) -> None:
    assert cost(replace(VIEW, **changes)) == shown


@pytest.mark.parametrize(
    ("tariff", "shown"),
    [
        (Price(kind="free"), "free"),
        (Price(kind="time", micros=500), "$0.0005 a second"),
        (Price(kind="image", micros=40_000), "$0.04 a picture"),
        (Price(kind="image", micros=500, steps=1), "$0.0005 a picture, 1 step"),
        (
            Price(kind="image", micros=200, width_px=1024, height_px=1024, steps=5),
            "$0.0002 a picture of 1024 by 1024, 5 steps",
        ),
    ],
)
def test_a_price_says_what_it_is_for(tariff: Price, shown: str) -> None:
    assert price(tariff) == shown


def test_a_waiting_bar_knows_its_place_and_nothing_more() -> None:
    waiting = replace(VIEW, progress=Progress(place=2, eta_s=9))
    shown = "Place 2 in line, starts in about 9 s"
    assert bar(waiting) == Bar(None, estimated=False, text=shown)


def test_the_widths_of_thumbnails_are_those_of_their_shape() -> None:
    tall = PictureView(
        number=2,
        sha256="a",
        media_type="image/png",
        size_bytes=1,
        width_px=512,
        height_px=1024,
        spoiler=False,
        alt="",
    )
    assert srcset(tall, "00000001") == (
        "/t/00000001/2/256 128w, /t/00000001/2/512 256w, /t/00000001/2/1024 512w"
    )
