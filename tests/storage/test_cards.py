"""The outbox: a card is due exactly while it is behind its job."""

import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from storage.database.columns import maybe_from_us
from storage.tables import cards
from tests.storage.builders import NOON, commit, new_job, produced, reserved, submit

Con = sqlite3.Connection
SOON = NOON + timedelta(seconds=5)


def card(con: Con) -> dict[str, Any]:
    names = ("id", "state", "shown_revision", "due", "attempts", "trouble", "address")
    row = con.execute(
        "SELECT id, state, shown_revision, due_at IS NOT NULL, attempts, trouble, address FROM card"
    ).fetchone()
    return dict(zip(names, row, strict=True))


def due_at(con: Con) -> datetime | None:
    return maybe_from_us(con.execute("SELECT due_at FROM card").fetchone()[0])


def test_a_new_job_has_a_card_to_show(con: Con) -> None:
    reserved(con)
    assert card(con) == {
        "id": 1,
        "state": "live",
        "shown_revision": 0,
        "due": 1,
        "attempts": 0,
        "trouble": None,
        "address": '{"page":"1"}',
    }


def test_a_card_that_was_shown_is_due_again_with_the_next_change(con: Con) -> None:
    job = reserved(con)
    commit(con, cards.shown, 1, job.revision)
    assert (card(con)["shown_revision"], card(con)["due"]) == (1, 0)
    assert submit(con, job.key).revision == 2
    assert card(con)["due"] == 1


def test_a_card_stays_due_when_its_job_moved_on_while_it_was_shown(con: Con) -> None:
    job = produced(con)
    commit(con, cards.shown, 1, job.revision - 1)
    assert card(con)["due"] == 1
    commit(con, cards.shown, 1, job.revision)
    assert card(con)["due"] == 0


def test_trouble_is_counted_and_tried_again_later(con: Con) -> None:
    job = reserved(con)
    commit(con, cards.failed, 1, "Timeout", SOON)
    commit(con, cards.failed, 1, "Timeout", SOON)
    assert (card(con)["attempts"], card(con)["trouble"], due_at(con)) == (2, "Timeout", SOON)
    submit(con, job.key)
    assert (card(con)["attempts"], due_at(con)) == (0, NOON)
    commit(con, cards.shown, 1, 2)
    assert (card(con)["attempts"], card(con)["trouble"]) == (0, None)


def test_a_card_that_was_given_up_is_never_due_again(con: Con) -> None:
    job = reserved(con)
    commit(con, cards.failed, 1, "the channel is gone", None)
    submit(con, job.key)
    assert (card(con)["state"], card(con)["due"]) == ("dead", 0)
    assert card(con)["address"] == '{"page":"1"}'


def test_withdrawing_tries_every_message_once_more_and_forgets_its_place(con: Con) -> None:
    job = reserved(con)
    commit(con, cards.failed, 1, "the channel is gone", None)
    commit(con, cards.withdraw_all, job.key, NOON)
    assert (card(con)["state"], card(con)["due"], card(con)["attempts"]) == ("withdrawing", 1, 0)
    commit(con, cards.shown, 1, 1)  # it was on its way out
    assert (card(con)["state"], card(con)["due"]) == ("withdrawing", 1)
    commit(con, cards.withdrawn, 1)
    assert (card(con)["state"], card(con)["due"], card(con)["address"]) == ("withdrawn", 0, "{}")
    commit(con, cards.failed, 1, "too late", SOON)
    assert (card(con)["state"], card(con)["due"]) == ("withdrawn", 0)


def test_a_message_that_can_not_be_withdrawn_is_given_up_without_its_place(con: Con) -> None:
    job = reserved(con)
    commit(con, cards.withdraw_all, job.key, NOON)
    commit(con, cards.failed, 1, "Timeout", SOON)
    assert (card(con)["state"], card(con)["address"]) == ("withdrawing", '{"page":"1"}')
    commit(con, cards.failed, 1, "the channel is gone", None)
    assert (card(con)["state"], card(con)["due"], card(con)["address"]) == ("dead", 0, "{}")


def test_what_a_surface_learned_is_kept(con: Con) -> None:
    reserved(con)
    commit(con, cards.checkpoint, 1, {"message": 42, "channel": "harbour"})
    assert card(con)["address"] == '{"channel":"harbour","message":42}'


def test_a_job_may_begin_with_several_cards(con: Con) -> None:
    reserved(con, replace(new_job(), cards=(("discord", {}), ("web", {}))))
    rows = con.execute("SELECT surface FROM card ORDER BY id").fetchall()
    assert rows == [("discord",), ("web",)]
