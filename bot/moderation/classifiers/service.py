"""Asks a service that speaks OpenAI's /moderations, about prompts and pictures.

Slow, down, full or garbled, it says *unknown*, never safe. Neither the key nor what was asked comes
into the log. Source: https://platform.openai.com/docs/api-reference/moderations
"""

import asyncio
import json
import logging
from base64 import b64encode
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import httpx
from pydantic import SecretStr

from bot.backends.bounded_body import UNPACKED, BadBody, receive_bytes
from bot.domain.job import Verdict
from bot.domain.moderation_policy import MINORS, SEXUAL, Finding, harder
from bot.errors import BotError
from bot.images import codec
from bot.images.codec import PictureRefused
from bot.images.worker_pool import PictureWorker
from bot.ports import Clock

# Calls at once, and those that may wait for one; beyond that it is unknown at once.
CALLS_AT_ONCE = 8
WAITING_MAX = 256
# A person waits for the answer about words; a picture was waited for already.
WORDS_TIMEOUT_S = 6.0
PICTURE_TIMEOUT_S = 30.0
# Before each further try, after 429, 5xx or a broken connection.
AGAIN_S = (0.5, 2.0)
# Enough to see what is in it, and some 60 kB.
SENT_SIDE_MAX_PX = 768
ANSWER_MAX_BYTES = 256 * 1024
# Of a prompt, which has 3,000 at most.
TEXT_MAX_CHARS = 4_000
CATEGORIES_MAX, CATEGORY_MAX_CHARS = 32, 60
# What is not named here is for moderators to look at.
DEFAULT_RULES: Mapping[str, Verdict] = {
    MINORS: Verdict.BLOCK,
    # The policy of the place decides, as with what a classifier flags.
    SEXUAL: Verdict.SHOW,
    # A knight may fight a dragon.
    "violence": Verdict.SPOILER,
}

log = logging.getLogger(__name__)


class Unanswered(Exception):
    """There is no answer that can be used; the text says why, without what was asked."""

    def __init__(self, why: str, *, again: bool = False) -> None:
        super().__init__(why)
        self.again = again  # whether another try may help


class ModerationService:
    """Implements ports.Moderation over HTTP."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        worker: PictureWorker,
        clock: Clock,
        *,
        url: str,
        key: SecretStr | None,
        model: str,
        rules: Mapping[str, Verdict],
        words_timeout_s: float = WORDS_TIMEOUT_S,
        picture_timeout_s: float = PICTURE_TIMEOUT_S,
    ) -> None:
        self._http = http
        self._worker = worker
        self._clock = clock
        self._url = url if url.endswith("/moderations") else f"{url}/moderations"
        self._key = key
        self._model = model
        # Nothing makes the gravest category milder.
        self._rules = {**DEFAULT_RULES, **rules, MINORS: Verdict.BLOCK}
        self._words_timeout_s = words_timeout_s
        self._picture_timeout_s = picture_timeout_s
        self._places = asyncio.Semaphore(CALLS_AT_ONCE)
        self._waiting = 0

    async def words(self, text: str) -> Finding:
        return await self._asked(text[:TEXT_MAX_CHARS], self._words_timeout_s)

    async def picture(self, data: bytes, text: str = "") -> Finding:
        try:
            small = await self._worker.run(codec.small_jpeg, data, SENT_SIDE_MAX_PX)
        except (BotError, PictureRefused, TimeoutError) as error:
            log.warning("a picture can't be sent to be looked at: %s", type(error).__name__)
            return Finding(known=False)
        address = "data:image/jpeg;base64," + b64encode(small).decode("ascii")
        parts: list[dict[str, Any]] = [{"type": "image_url", "image_url": {"url": address}}]
        if text:
            parts.insert(0, {"type": "text", "text": text[:TEXT_MAX_CHARS]})
        return await self._asked(parts, self._picture_timeout_s)

    async def _asked(self, what: object, timeout_s: float) -> Finding:
        if self._waiting >= WAITING_MAX:
            log.warning("too much waits for the moderation service")
            return Finding(known=False)
        self._waiting += 1
        try:
            async with asyncio.timeout(timeout_s), self._places:
                return self._finding(await self._patiently({"model": self._model, "input": what}))
        except Unanswered as error:
            log.warning("the moderation service gave no answer: %s", error)
        except TimeoutError:
            log.warning("the moderation service gave no answer in %s s", timeout_s)
        finally:
            self._waiting -= 1
        return Finding(known=False)

    async def _patiently(self, body: Mapping[str, object]) -> bytes:
        for delay_s in AGAIN_S:
            try:
                return await self._post(body)
            except Unanswered as error:
                if not error.again:
                    raise
            await self._clock.sleep(delay_s)
        return await self._post(body)

    async def _post(self, body: Mapping[str, object]) -> bytes:
        """The body of a good answer. Raises Unanswered."""
        try:
            async with self._http.stream(
                "POST",
                self._url,
                json=body,
                headers=self._headers(),
                timeout=None,  # `_asked` limits the whole
                follow_redirects=False,
            ) as answer:
                if answer.status_code != HTTPStatus.OK:
                    busy = answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
                    why = f"HTTP {answer.status_code}"
                    raise Unanswered(why, again=busy or answer.is_server_error)
                return await receive_bytes(answer, ANSWER_MAX_BYTES)
        except BadBody as error:
            raise Unanswered(f"its body is {error}") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            # Not the error's own text, which may hold the address.
            raise Unanswered(type(error).__name__, again=True) from None

    def _headers(self) -> dict[str, str]:
        key = self._key.get_secret_value() if self._key else ""
        if not (key.isascii() and key.isprintable()):
            raise Unanswered("the key has characters that no key has; copy it anew")
        return {**UNPACKED, **({"Authorization": f"Bearer {key}"} if key else {})}

    def _finding(self, answer: bytes) -> Finding:
        """The categories that hold in any of the results. Raises Unanswered."""
        try:
            categories = _categories(json.loads(answer))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise Unanswered(f"it can't be read ({type(error).__name__})") from None
        least = Verdict.SHOW
        for category in categories:
            least = harder(least, self._rules.get(category, Verdict.REVIEW))
        return Finding(categories=categories, least=least)


def _categories(answer: Any) -> tuple[str, ...]:
    """The names of what was found; "flagged" where no category says why."""
    results: Sequence[Any] = answer["results"]
    if not isinstance(results, list) or not results:
        raise TypeError("results")
    found: set[str] = set()
    for result in results:
        known = {name: holds for name, holds in result["categories"].items() if holds is not None}
        if not all(isinstance(holds, bool) for holds in (*known.values(), result["flagged"])):
            raise TypeError("categories")
        held = {name[:CATEGORY_MAX_CHARS] for name, holds in known.items() if holds}
        "".join(held).encode()  # half a surrogate pair can't be stored: a ValueError
        found |= held or ({"flagged"} if result["flagged"] else set())
    # The gravest first, so that it is never what is cut off.
    return tuple(sorted(found, key=lambda name: (name != MINORS, name)))[:CATEGORIES_MAX]
