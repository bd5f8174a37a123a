"""The card of a job asked for at the terminal. Whoever waits there watches the job itself."""

from bot.domain.job_view import JobView
from bot.ports import Address, Checkpoint
from bot.wording import Sentence


class TerminalSurface:
    """Nothing stays behind on a terminal, so nothing is shown, taken down or told later."""

    async def show(self, address: Address, view: JobView, checkpoint: Checkpoint) -> None: ...

    async def withdraw(self, address: Address) -> None: ...

    async def tell(
        self, person: str, notice: Sentence, *, key: str = "", community: str = ""
    ) -> None: ...
