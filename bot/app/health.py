"""What the bot says of itself: /health and /ready to everybody, and more to the owner."""

from starlette.requests import Request
from starlette.responses import JSONResponse

from adapters.terminal.protocol import PlatformState, State
from bot.app.composition import App


class Health:
    """Each part by itself. `is_started` is set while all of the bot is at work."""

    def __init__(self, app: App) -> None:
        self._app = app
        self.is_started = False

    @property
    def is_good(self) -> bool:
        """Whether the database and all loops work and no platform has been away for long."""
        app = self._app
        is_down = any(each.connection and each.connection.is_down for each in app.platforms)
        return app.store.healthy and not is_down and not app.loops.down

    async def health(self, _: Request) -> JSONResponse:
        """200 while it works; 503 otherwise."""
        return self._answer(ok=self.is_good)

    async def ready(self, _: Request) -> JSONResponse:
        """As `health`; 503 also before the start has ended, and from the stop on."""
        starts = any(each.is_starting for each in self._app.platforms)
        return self._answer(ok=self.is_good and self.is_started and not starts)

    def state(self) -> State:
        """For the owner, with reasons."""
        chats = [(each.name, line) for each in self._app.platforms if (line := each.connection)]
        platforms = [PlatformState(name=n, why=line.why, **line.state()) for n, line in chats]
        return State(
            database=self._app.store.healthy,
            drawing=self._app.backend.capacity > 0,
            loops_down=tuple(sorted(self._app.loops.down)),
            platforms=tuple(platforms),
        )

    def _answer(self, *, ok: bool) -> JSONResponse:
        app = self._app
        chats = [(each, line) for each in app.platforms if (line := each.connection)]
        told = {
            "ok": ok,
            "database": "up" if app.store.healthy else "down",
            "drawing": "up" if app.backend.capacity else "down",
            "down": sorted(app.loops.down),
            "platforms": {each.name: line.state() for each, line in chats},
            **{each.name: dict(each.health()) for each, _ in chats if each.health},
        }
        return JSONResponse(told, 200 if ok else 503)
