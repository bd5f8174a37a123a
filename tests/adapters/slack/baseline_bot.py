"""The least that anybody does on Slack: ack, call, post. The floor that benchmarks stand on."""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

Draw = Callable[[str], Awaitable[list[bytes]]]


def baseline_bot(client: AsyncWebClient, draw: Draw) -> AsyncApp:
    app = AsyncApp(client=client)

    @app.command("/imagine")
    async def imagine(ack: Any, command: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        drawn = await draw(command["text"])
        files: list[Any] = [{"content": d, "filename": f"{n}.png"} for n, d in enumerate(drawn)]
        uploaded = await client.files_upload_v2(file_uploads=files)
        blocks = [
            {"type": "image", "alt_text": command["text"], "slack_file": {"id": file["id"]}}
            for file in uploaded["files"]
        ]
        where = command["channel_id"]
        await client.chat_postMessage(channel=where, text=command["text"], blocks=blocks)

    return app
