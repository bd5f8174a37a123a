import io
import logging
from collections.abc import Iterator

import pytest

from bot.config import logs
from bot.config.settings import Settings


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """The log of a bot whose key is "sk-hunter2"; the root logger is put back afterwards."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = io.StringIO()
    settings = Settings.from_env({"API_URLS": "https://a.example", "API_KEYS": "sk-hunter2"})
    logs.configure(settings, stream=stream)
    yield stream
    root.handlers[:], root.level = before


def test_a_secret_is_masked_in_message_argument_and_traceback(stream: io.StringIO) -> None:
    log = logging.getLogger("test")
    log.warning("sent sk-hunter2 to %s", "https://a.example/?key=sk-hunter2")
    try:
        int("sk-hunter2")
    except ValueError:
        log.exception("It failed")
    assert "hunter2" not in stream.getvalue()
    assert "sent **** to https://a.example/?key=****" in stream.getvalue()
    assert "ValueError: invalid literal for int() with base 10: '****'" in stream.getvalue()


@pytest.mark.parametrize(
    "command", ["\x1b[1A\x1b[2K", "\r", "\0", "\x7f", "\x9b2K", "\x85", "\u2028", "\ud800"]
)
def test_nobody_commands_the_terminal_that_shows_it(stream: io.StringIO, command: str) -> None:
    logging.getLogger("test").warning("é 猫 said %s", command)
    error = ValueError(command)
    logging.getLogger("test").error("It failed", exc_info=error)
    shown = stream.getvalue()
    written = command.encode("unicode_escape").decode()
    assert f"é 猫 said {written}\n" in shown
    assert f"ValueError: {written}\n" in shown
    assert not set(command) - set("[0123456789AK") & set(shown)


def test_a_message_stays_one_line(stream: io.StringIO) -> None:
    logging.getLogger("test").warning("a name\n2026-01-01 00:00:00.000Z ERROR forged")
    assert stream.getvalue().count("\n") == 1
    assert "WARNING test: a name\\n2026-01-01" in stream.getvalue()


def test_addresses_of_requests_are_not_logged(stream: io.StringIO) -> None:
    logging.getLogger("httpx").info("HTTP Request: POST https://hooks.example/token")
    assert stream.getvalue() == ""


def test_statements_and_their_values_are_not_logged_even_when_debugging() -> None:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure(Settings.from_env({}), "debug", stream=stream)
    try:
        logging.getLogger("aiosqlite").debug("executing 'SELECT …', ('a person',)")
        logging.getLogger("bot").debug("ours")
    finally:
        root.handlers[:], root.level = before
    assert stream.getvalue().endswith("DEBUG   bot: ours\n")
    assert "a person" not in stream.getvalue()


def test_a_short_secret_does_not_hide_innocent_words() -> None:
    formatter = logs.MaskingFormatter(["a", "", "abcdef"])
    record = logging.LogRecord("test", logging.INFO, "", 0, "a banana abcdef", None, None)
    assert formatter.format(record).endswith("a banana ****")


def test_a_token_of_a_workspace_is_known_by_its_looks(stream: io.StringIO) -> None:
    logging.getLogger("test").warning("T1 has xoxb-123-abcDEF and xapp-1-A1-2-ff, not a fox-trot")
    assert stream.getvalue().endswith("T1 has **** and ****, not a fox-trot\n")
