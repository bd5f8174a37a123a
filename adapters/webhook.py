"""The surface "webhook": posts the finished, judged result to an address that a person gave.

The shape is that of the inference API's own webhooks. The address was checked when it was given;
here it is resolved once more and the connection goes to exactly the address that was checked.
"""

import asyncio
import json
from base64 import b64encode
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import httpx

from adapters import pinned_http
from bot.domain.asker import Asker
from bot.domain.job_view import JobView, Phase
from bot.domain.pricing import MICROS_PER_DOLLAR
from bot.errors import InvalidValue
from bot.jobs.studio import Studio
from bot.picture_file import File
from bot.ports import Address, Checkpoint, Unreachable
from bot.urls import PinnedUrl
from bot.wording import Sentence, plain, status

# Four pictures of 1024² have 16 MB at most, and a third more in base64.
BODY_MAX_BYTES = 32 * 1024 * 1024

Resolve = Callable[[str], Awaitable[PinnedUrl]]


class NotDelivered(Exception):
    """The receiver did not take it; a later try may succeed."""


class WebhookSurface:
    """Implements ports.Surface. An address is {"url": …}, with "done" once it was delivered."""

    def __init__(self, http: httpx.AsyncClient, resolve: Resolve, studio: Studio) -> None:
        self._http = http
        self._resolve = resolve
        self._studio = studio

    async def show(self, address: Address, view: JobView, checkpoint: Checkpoint) -> None:
        if address.get("done") or not view.phase.is_final or view.in_review:
            return
        target = await self._checked(str(address["url"]))
        body = await self._body(view)
        await self._post(target, body)
        await checkpoint({**address, "done": True})

    async def withdraw(self, address: Address) -> None:
        """What was posted can't be taken back."""

    async def tell(
        self, person: str, notice: Sentence, *, key: str = "", community: str = ""
    ) -> None:
        """A webhook has no person to tell."""

    async def _checked(self, url: str) -> PinnedUrl:
        try:
            return await self._resolve(url)
        except InvalidValue as error:
            if error.code == "no_such_host":  # the name server may only be down
                raise NotDelivered(error.code) from None
            raise Unreachable(error.code) from None

    async def _body(self, view: JobView) -> bytes:
        files: list[File] = []
        if view.phase is Phase.DONE:
            asker = Asker(
                platform=view.platform, community=view.community, channel="", person=view.person
            )
            files = [
                await self._studio.file(asker, view.public_id, p.number) for p in view.pictures
            ]
        return await asyncio.to_thread(encode, view, files)

    async def _post(self, target: PinnedUrl, body: bytes) -> None:
        answer = await pinned_http.post(self._http, target, body)
        if answer.is_success:
            return
        if pinned_http.may_change(answer):
            raise NotDelivered(str(answer.status_code))
        raise Unreachable(f"the webhook answered {answer.status_code}")


def encode(view: JobView, files: Sequence[File]) -> bytes:
    """The body for `view`. Not for the event loop, as it encodes megabytes in base64."""
    record = result_of(view, [_data_url(file) for file in files])
    body = json.dumps(record).encode()
    if len(body) <= BODY_MAX_BYTES:
        return body
    record["results"]["images"] = []
    record["error"] = "The pictures are too large to be posted; they are kept under this id."
    return json.dumps(record).encode()


def result_of(view: JobView, images: Sequence[str]) -> dict[str, Any]:
    done = view.phase is Phase.DONE
    record: dict[str, Any] = {
        "request_id": view.public_id,
        "inference_status": {
            "status": "succeeded" if done else "failed",
            "cost": (view.cost_micros or 0) / MICROS_PER_DOLLAR,
            "tokens_generated": 0,
            "tokens_input": 0,
        },
    }
    if done:
        record["results"] = {
            "images": list(images),
            "nsfw_content_detected": [picture.spoiler for picture in view.pictures],
            "seed": view.seed,
        }
    else:
        record["error"] = plain(status(view))
    return record


def _data_url(file: File) -> str:
    return f"data:{file.media_type};base64,{b64encode(file.data).decode('ascii')}"
