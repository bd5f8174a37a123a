"""The command line as people use it: real processes, a real bot, a service on loopback."""

import csv
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Event

import httpx
import pytest

from storage.sqlite_store import open_for_reading
from tests.support.fake_deepinfra import FakeDeepInfra, waits

ROOT = Path(__file__).parents[3]
TIMEOUT_S = 120


class Shell:
    """A terminal in a folder of its own, with nothing in the environment but what a test sets."""

    def __init__(self, folder: Path, service: FakeDeepInfra) -> None:
        self.folder = folder
        self.service = service
        self.environ = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "API_URLS": service.url,
            "API_KEYS": service.key,
            "MODEL": "stabilityai/sdxl-turbo",
            "PORT": "0",
        }

    def start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(  # noqa: S603  (our own code)
            [sys.executable, "-m", "bot", *words],
            cwd=self.folder,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def limner(self, *words: str) -> tuple[int, str, str]:
        process = self.start(*words)
        out, err = process.communicate(timeout=TIMEOUT_S)
        return process.returncode, out, err


class Running:
    """`limner run`, up to the line that says where it is."""

    def __init__(self, shell: Shell) -> None:
        self.process = shell.start("run")
        assert self.process.stderr is not None
        self.said = ""
        while not (found := re.search(r"^Open (\S+)$", self.said, re.MULTILINE)):
            line = self.process.stderr.readline()
            assert line, f"the bot ended: {self.said}"
            self.said += line
        self.url = found[1]

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        self.process.send_signal(number)
        assert self.process.stderr is not None
        with self.process:
            # Not `communicate`, which would skip what readline has buffered.
            self.said += self.process.stderr.read()
        return self.process.returncode, self.said


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    with FakeDeepInfra() as service:
        yield Shell(tmp_path, service)


@pytest.fixture
def running(shell: Shell) -> Iterator[Running]:
    bot = Running(shell)
    yield bot
    if bot.process.poll() is None:
        bot.stop(signal.SIGKILL)


def test_wrong_settings_are_sentences_and_code_2(shell: Shell) -> None:
    shell.environ |= {"PORT": "x", "TIMEZONE": "Mars"}
    code, out, err = shell.limner("run")
    assert (code, out) == (2, "")
    assert err == (
        'TIMEZONE is "Mars", but it takes the name of a time zone, like Europe/Berlin or UTC.\n'
        'PORT is "x", but it takes a whole number from 0 to 65535.\n'
    )


def test_the_env_file_is_read_and_the_environment_wins(shell: Shell) -> None:
    (shell.folder / ".env").write_text("DRAIN_S=from-the-file\nLOG_LEVEL=loud\n")
    shell.environ["LOG_LEVEL"] = "louder"
    code, _, err = shell.limner("pause")
    assert code == 2
    assert 'DRAIN_S is "from-the-file"' in err
    assert 'LOG_LEVEL is "louder"' in err


def test_a_misspelled_name_is_said_before_anything_else(shell: Shell) -> None:
    shell.environ |= {"PORT": "x", "BUGET_PERSON_DAY": "1"}
    _, _, err = shell.limner("run")
    assert err.startswith(
        "BUGET_PERSON_DAY is set, but nobody reads it. Did you mean BUDGET_PERSON_DAY?\nPORT is"
    )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("pasue",), "No such command 'pasue'. Did you mean 'pause'?"),
        (("privacy", "exprot"), "No such command 'exprot'. Did you mean 'export'?"),
        (("frobnicate",), "No such command 'frobnicate'."),
    ],
)
def test_a_mistyped_command_is_answered_with_the_one_that_was_meant(
    shell: Shell, typed: tuple[str, ...], said: str
) -> None:
    code, _, err = shell.limner(*typed)
    assert (code, err.splitlines()[-1]) == (2, f"Error: {said}")


def test_the_version_is_said(shell: Shell) -> None:
    assert shell.limner("--version") == (0, "limner 0.1.0\n", "")


def test_the_help_of_imagine_names_options_and_exit_codes(shell: Shell) -> None:
    code, out, _ = shell.limner("imagine", "--help")
    assert code == 0
    assert re.search(r"--steps\s+denoising steps; more is slower \[1 to 512;\s+default 25\]", out)
    assert re.search(r"4\s+out of budget", out)


@pytest.mark.slow
def test_a_picture_is_drawn_without_a_running_bot(shell: Shell) -> None:
    code, out, err = shell.limner(
        "imagine", "a lighthouse", "--size", "256x128", "--n", "2", "--seed", "7", "--out", "pics"
    )
    assert (code, len(out.splitlines())) == (0, 2), err
    for line in out.splitlines():
        assert (shell.folder / line).read_bytes().startswith(b"\x89PNG")
    assert re.search(
        r"^2 pictures · cost \$0\.0000\d+ · seed 7 · stabilityai/sdxl-turbo", err, re.MULTILINE
    )
    (received,) = shell.service.received
    assert (received.fields["prompt"], received.fields["num_images"]) == ("a lighthouse", 2)
    assert (received.fields["width"], received.fields["height"]) == (256, 128)
    assert not (shell.folder / "data/limner.sock").exists()
    assert shell.limner("ledger", "check") == (0, "The books add up.\n", "")


@pytest.mark.slow
def test_a_starting_image_is_sent(shell: Shell) -> None:
    (shell.folder / "cat.png").write_bytes(b"no picture")
    code, _, err = shell.limner("imagine", "a cat", "--image", "cat.png")
    assert (code, shell.service.received) == (2, [])
    assert "PNG" in err
    assert shell.limner("imagine", "a cat", "--image", "no.png")[2] == (
        "no.png can't be read: No such file or directory.\n"
    )


@pytest.mark.slow
def test_a_mistake_is_mended_before_anything_starts(shell: Shell) -> None:
    code, out, err = shell.limner("imagine", "a cat", "--stpes", "5")
    assert (code, out) == (2, "")
    assert "--steps" in err
    assert not (shell.folder / "data").exists()


@pytest.mark.slow
def test_an_empty_budget_has_its_own_code(shell: Shell) -> None:
    shell.environ["BUDGET_PERSON_DAY"] = "0"
    code, _, err = shell.limner("imagine", "a cat")
    assert (code, shell.service.received) == (4, [])
    assert "Nothing was charged." in err


@pytest.mark.slow
def test_beside_a_running_bot_a_command_is_handed_over(shell: Shell, running: Running) -> None:
    health = httpx.get(f"{running.url}/health", trust_env=False)
    assert (health.status_code, health.json()["ok"]) == (200, True)
    assert (shell.folder / "data").stat().st_mode & 0o777 == 0o700

    code, out, err = shell.limner("imagine", "a cat", "--size", "128x128")
    assert (code, len(out.splitlines())) == (0, 1), err

    assert shell.limner("pause") == (0, "Paused: nobody can ask for pictures.\n", "")
    assert shell.limner("imagine", "a cat")[0] == 3
    assert shell.limner("resume") == (0, "Requests are taken again.\n", "")

    table = list(csv.DictReader(shell.limner("ledger", "export")[1].splitlines()))
    assert {row["kind"] for row in table} >= {"grant", "hold", "post"}
    assert {row["person"] for row in table if row["level"] == "person"} == {"owner"}

    code, out, _ = shell.limner("privacy", "export", "terminal", "owner", "--out", "mine")
    assert (code, out) == (0, "mine: data.json and the pictures of 1 request.\n")
    assert json.loads((shell.folder / "mine/data.json").read_text())["person"] == "owner"

    assert shell.limner("backup", "copy") == (0, "copy: the database and 1 picture.\n", "")
    assert "is running at" in shell.limner("doctor")[1]
    assert shell.limner("restore", "copy")[0] == 2

    code, said = running.stop()
    assert code == 0
    assert "Stopping." in said
    assert not (shell.folder / "data/limner.sock").exists()
    code, out, _ = shell.limner("privacy", "erase", "terminal", "owner", "--yes")
    assert (code, out[:9]) == (0, "Erased: 1")
    assert shell.limner("restore", "copy")[0] == 0
    assert shell.limner("ledger", "check") == (0, "The books add up.\n", "")
    code, out, _ = shell.limner("check", "--pictures")
    assert (code, out.splitlines()) == (
        0,
        ["The database is whole, and the books add up.", "Every picture is there and whole."],
    )
    (picture,) = (shell.folder / "data/pictures").rglob("*.png")
    picture.write_bytes(b"half")
    code, out, _ = shell.limner("check", "--pictures")
    assert (code, out.splitlines()[1][:34]) == (1, "a picture is damaged: data/picture")
    assert shell.limner("check")[0] == 0
    (picture,) = (shell.folder / "copy/pictures").rglob("*.png")
    picture.unlink()
    code, _, err = shell.limner("restore", "copy")
    assert (code, err.splitlines()[0]) == (
        2,
        f"{picture.relative_to(shell.folder)} can't be read: No such file or directory.",
    )


@pytest.mark.slow
def test_an_export_of_nobody_leaves_nothing_behind(shell: Shell) -> None:
    code, out, err = shell.limner("privacy", "export", "web", "nobody", "--out", "a/b")
    assert (code, out) == (2, "")
    assert err == "I know nobody of this name: nobody. Please check the spelling.\n"
    assert not (shell.folder / "a").exists()
    code, _, err = shell.limner(
        *("privacy", "erase", "slack", "U0", "--workspace", "T0", "--yes"),
    )
    assert (code, err[:22]) == (2, "I know nobody of this ")
    (shell.folder / "mine").mkdir()
    shell.limner("privacy", "export", "web", "nobody", "--out", "mine")
    assert (shell.folder / "mine").exists()


@pytest.mark.slow
def test_a_bot_for_every_address_says_so(shell: Shell) -> None:
    shell.environ["HOST"] = "0.0.0.0"  # noqa: S104  (behind nothing: it lives for a moment)
    bot = Running(shell)
    port = bot.url.rpartition(":")[2]
    _, said = bot.stop()
    assert bot.url.startswith("http://127.0.0.1:")
    assert f"From elsewhere, open this machine's address, port {port}.\n" in said


@pytest.mark.slow
def test_the_secrets_of_a_run_stay_out_of_its_log(shell: Shell) -> None:
    shell.environ |= {"HOST": "127.0.0.1", "PUBLIC_URL": "https://draw.example.org"}
    bot = Running(shell)
    code, url, _ = shell.limner("web", "login")
    assert code == 0
    assert url.startswith("https://draw.example.org/login#")
    _, said = bot.stop()
    assert "limner web login" in said
    assert shell.service.key not in said
    assert "#" not in said


@pytest.mark.slow
def test_a_second_bot_on_the_same_folder_is_refused(shell: Shell, running: Running) -> None:
    code, _, err = shell.limner("run")
    assert code == 2
    assert "Another Limner is running" in err
    assert running.process.poll() is None


@pytest.mark.slow
def test_a_killed_bot_is_no_bot(shell: Shell, running: Running) -> None:
    running.stop(signal.SIGKILL)
    assert (shell.folder / "data/limner.sock").exists()
    code, _, err = shell.limner("imagine", "a cat", "--size", "128x128")
    assert code == 0, err
    assert shell.limner("web", "login")[0] == 2


@pytest.mark.slow
@pytest.mark.usefixtures("interruptible")
def test_an_interrupted_command_cancels_its_request(shell: Shell, running: Running) -> None:
    never = Event()
    shell.service.always(waits(never))
    process = shell.start("imagine", "a cat", "--size", "128x128")
    shell.service.wait_for(1)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=TIMEOUT_S)
    assert process.returncode == 130
    assert "Interrupted." in err
    with closing(open_for_reading(shell.folder / "data/limner.db")) as con:
        assert con.execute("SELECT state FROM job").fetchall() == [("cancelled",)]
    never.set()
    assert running.process.poll() is None


def test_the_manifest_of_slack_is_printed(shell: Shell) -> None:
    code, out, _ = shell.limner("slack", "manifest")
    assert code == 0
    assert json.loads(out)["settings"]["socket_mode_enabled"] is True
    shell.environ["PUBLIC_URL"] = "https://draw.example.org"
    _, out, _ = shell.limner("slack", "manifest", "--many")
    assert json.loads(out)["oauth_config"]["redirect_urls"] == [
        "https://draw.example.org/slack/oauth_redirect"
    ]


def test_a_manifest_over_http_wants_an_address(shell: Shell) -> None:
    code, out, err = shell.limner("slack", "manifest", "--http")
    assert (code, out) == (2, "")
    assert "set PUBLIC_URL" in err


def test_the_audit_is_verified_and_printed(shell: Shell) -> None:
    assert shell.limner("pause")[0] == 0
    assert shell.limner("audit", "verify") == (0, "The audit is whole.\n", "")
    code, out, _ = shell.limner("audit", "export")
    header, row = csv.reader(out.splitlines())
    assert (code, header[:4]) == (0, ["row", "at", "actor", "action"])
    assert row[2:5] == ["terminal:local:owner", "pause", "everybody"]


def test_a_case_that_there_is_not_is_neither_shown_nor_closed(shell: Shell) -> None:
    assert shell.limner("pause")[0] == 0
    for words in (("case", "show", "00000000"), ("case", "close", "00000000")):
        code, out, err = shell.limner(*words)
        assert (code != 0, out) == (True, "")
        assert "There is no such case here: 00000000." in err
    code, _, err = shell.limner("sessions", "revoke")
    assert (code, err) == (2, "The bot isn't running, so nobody is signed in.\n")
