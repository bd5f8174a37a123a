"""Uploads in three steps, with the processing that comes after, and what is fetched again."""

import secrets
from datetime import timedelta

from tests.adapters.slack.fake.rules import Refused
from tests.adapters.slack.fake.state import World
from tests.adapters.slack.fake.world import Channel, File, Json, Message, Person, Workspace

LOGIN_PAGE = "<!DOCTYPE html><html><body>Sign in to your workspace</body></html>"
_MAGIC = {
    b"\x89PNG": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"RIFF": "image/webp",
}


class Files:
    def __init__(self, world: World) -> None:
        self._world = world
        self._uploads: dict[str, File] = {}  # the secret part of an address → whose bytes it takes
        self._silent: set[File] = set()  # their sharing fails, and nobody is told

    def reserve(self, args: Json, at: Workspace) -> Json:
        """The first step: an address that takes `length` bytes."""
        length = int(args.get("length") or 0)
        if length <= 0 or not args.get("filename"):
            raise Refused("invalid_arguments")
        file = self._new(str(args["filename"]), at, at.bot, length)
        file.alt = str(args.get("alt_txt") or "")
        if file.alt:
            self._silent.add(file)
        secret = secrets.token_urlsafe(12)
        self._uploads[secret] = file
        url = f"{self._world.base_url}/upload/v1/{secret}"
        return {"upload_url": url, "file_id": file.id}

    def take(self, secret: str, data: bytes) -> tuple[int, str]:
        """The second step, which is no method: status and text."""
        file = self._uploads.get(secret)
        if file is None or file.data is not None:
            return 404, "upload not found"
        if len(data) != file.expected_bytes:
            return 400, "length mismatch"
        self._fill(file, data)
        return 200, f"OK - {len(data)}"

    def complete(
        self, wanted: list[Json], args: Json, at: Workspace, channel: Channel | None
    ) -> Json:
        """The third: processing begins; with a channel the files are shared there."""
        files = [self._uploaded(each["id"], at) for each in wanted]
        for file, each in zip(files, wanted, strict=True):
            file.completed = True
            file.title = str(each.get("title") or file.name)
            processing = self._world.processing
            file.ready_at = None if processing is None else self._world.now + processing
        if channel is not None and not self._silent & {*files}:
            text = str(args.get("initial_comment") or "")
            message = Message(self._world.new_ts(), channel, at.bot, at, text=text)
            message.thread_ts = str(args.get("thread_ts") or "")
            self._world.post(message, None, files)
        return {"files": [file.payload(self._world.now) for file in files]}

    def _uploaded(self, wanted: str, at: Workspace) -> File:
        file = self._world.files.get(wanted)
        if file is None or file.workspace is not at or file.data is None or file.completed:
            raise Refused("file_not_found")
        return file

    def found(self, args: Json, at: Workspace) -> File:
        """One that the bot may see: its own, and those where it is."""
        file = self._world.files.get(str(args.get("file", "")))
        if file is None or file.workspace is not at or file.deleted or not file.completed:
            raise Refused("file_not_found")
        seen = file.owner is at.bot or any(at.bot in m.channel.members for m in file.shares)
        # A file from a modal's file_input belongs to whoever chose it, and is given to the app.
        if not seen and file.shares:
            raise Refused("file_not_found")
        return file

    def add(self, name: str, data: bytes, by: Person, at: Workspace, kind: str = "") -> File:
        """Somebody's own file, processed already."""
        file = self._new(name, at, by, len(data))
        self._fill(file, data)
        file.media_type = kind or file.media_type
        file.completed, file.ready_at = True, self._world.now - timedelta(seconds=1)
        file.data = data  # people's files are always kept
        return file

    def fetch(self, url_path: str, token: str) -> tuple[str, bytes]:
        """What an address of a file answers, always with 200: media type and bytes."""
        for file in self._world.files.values():
            own = file.url.removeprefix(self._world.base_url) == url_path
            if own and not file.deleted and token == file.workspace.token:
                return file.media_type, file.data or b""
        return "text/html", LOGIN_PAGE.encode()

    def _new(self, name: str, at: Workspace, owner: Person, length: int) -> File:
        file = File(self._world.ids.new("F"), name, at, owner, length)
        file.url = f"{self._world.base_url}/files-pri/{at.id}-{file.id}/{name}"
        self._world.files[file.id] = file
        return file

    def _fill(self, file: File, data: bytes) -> None:
        kinds = (kind for magic, kind in _MAGIC.items() if data.startswith(magic))
        file.media_type = next(kinds, "application/octet-stream")
        file.data = data if self._world.keeps_files else b"-"
