"""Where commands are taken: for whom, beside what a killed bot left, and with long names."""

import asyncio
import os
import socket
import stat
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse

from adapters.terminal import control_socket
from adapters.terminal.client import RemoteBot, client
from adapters.terminal.protocol import Running
from bot.app.listener import OfOwner, listening
from bot.app.system_clock import SystemClock
from bot.errors import Misconfigured
from tests.support.whole_bot import alive, sketching

LONG = "a" * 150


def answers(address: str | None) -> bool:
    if address is None:
        return False
    with socket.socket(socket.AF_UNIX) as caller:
        try:
            caller.connect(address)
        except ConnectionRefusedError:
            return False
    return True


def test_the_socket_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "limner.sock"
    with control_socket.listen(path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert answers(control_socket.find(path))
    control_socket.remove(path)
    assert control_socket.find(path) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("folder", ["", LONG])
def test_what_a_killed_bot_left_is_replaced(tmp_path: Path, folder: str) -> None:
    (tmp_path / folder).mkdir(exist_ok=True)
    path = tmp_path / folder / "limner.sock"
    control_socket.listen(path).close()
    left = control_socket.find(path)
    assert left is not None
    assert not answers(left)
    with control_socket.listen(path):
        found = control_socket.find(path)
        assert answers(found)
        assert folder == "" or not Path(left).parent.exists()
        assert [each.name for each in path.parent.iterdir() if each.name != LONG] == ["limner.sock"]
    control_socket.remove(path)


def test_a_long_name_is_a_link_to_a_folder_that_only_the_owner_enters(tmp_path: Path) -> None:
    path = tmp_path / LONG / "limner.sock"
    path.parent.mkdir()
    with control_socket.listen(path):
        found = control_socket.find(path)
        assert found is not None
        place = Path(found)
        assert len(found) <= control_socket.PATH_MAX_BYTES
        assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
        assert stat.S_IMODE(place.stat().st_mode) == 0o600
        assert answers(found)
    control_socket.remove(path)
    assert not place.parent.exists()
    assert not path.is_symlink()


def test_a_link_that_leads_elsewhere_takes_nothing_along(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.write_text("kept")
    path = tmp_path / "limner.sock"
    path.symlink_to(mine)
    assert control_socket.find(path) is None
    with control_socket.listen(path):
        assert mine.read_text() == "kept"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files to somebody else")
def test_a_socket_that_somebody_else_put_where_a_link_leads_is_not_asked(tmp_path: Path) -> None:
    path = tmp_path / LONG / "limner.sock"
    path.parent.mkdir()
    with control_socket.listen(path):
        found = control_socket.find(path)
        assert found is not None
        os.chown(found, 65_534, 65_534)
        assert control_socket.find(path) is None
    control_socket.remove(path)


async def test_two_bots_beside_each_other_are_told_apart(tmp_path: Path) -> None:
    short, long = tmp_path / "short", tmp_path / LONG
    for folder in (short, long):
        folder.mkdir(mode=0o700)
    async with (
        alive(sketching(short), SystemClock()) as (one, _),
        alive(sketching(long), SystemClock()) as (other, server),
    ):
        address = control_socket.find(control_socket.path_of(other.settings.database_path))
        assert address is not None
        async with client(address) as http:
            await RemoteBot(http).pause(paused=True)
            assert await RemoteBot(http).who() == Running(version=version("limner"), url=server.url)
        assert await other.administration.paused()
        assert not await one.administration.paused()
    assert control_socket.find(control_socket.path_of(short / "limner.db")) is None
    assert not Path(address).parent.exists()


async def test_where_no_socket_can_be_the_reason_and_the_remedy_are_said(tmp_path: Path) -> None:
    (tmp_path / "limner.sock" / "full").mkdir(parents=True)
    with pytest.raises(Misconfigured) as caught:
        async with alive(sketching(tmp_path), SystemClock()):
            raise AssertionError
    (problem,) = caught.value.problems
    assert problem == (
        f"{tmp_path}/limner.sock can't be made: Is a directory. It is the socket that `limner "
        "pause` and the like need. Set DATA_DIR to a folder on a disk of this machine."
    )


CALLER = """
import os, socket, sys
os.setuid(int(sys.argv[2]))
line = socket.socket(socket.AF_UNIX)
line.settimeout(30)
try:
    line.connect(sys.argv[1])
    line.sendall(b"GET / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n")
    print(line.recv(100).partition(b"\\r\\n")[0].decode())
except ConnectionError:
    print("hung up")
"""


@pytest.mark.skipif(not hasattr(socket, "SO_PEERCRED"), reason="only Linux tells it this way")
@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes somebody else")
async def test_another_user_is_hung_up_on_even_where_the_modes_let_them(tmp_path: Path) -> None:
    """On some file systems everybody has every right, whatever was set."""
    with tempfile.TemporaryDirectory() as open_to_all:
        path = Path(open_to_all) / "limner.sock"
        async with listening(PlainTextResponse(), control_socket.listen(path), protocol=OfOwner):
            path.parent.chmod(0o755)
            path.chmod(0o666)
            heard = [await said_to(path, user) for user in (0, 65_534)]
    assert heard in (["HTTP/1.1 200 OK", ""], ["HTTP/1.1 200 OK", "hung up"])


async def said_to(path: Path, user: int) -> str:
    caller = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CALLER, str(path), str(user), stdout=subprocess.PIPE
    )
    return (await caller.communicate())[0].decode().strip()
