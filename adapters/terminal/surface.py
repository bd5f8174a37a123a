"""Cards of jobs from the terminal. Nothing is shown: the command watches the job itself."""

from bot.domain.job_view import JobView
from bot.ports import Address, Checkpoint
from bot.wording import Sentence


class TerminalSurface:
    """Implements ports.Surface without an effect, as nobody reads a terminal later."""

    async def show(self, address: Address, view: JobView, checkpoint: Checkpoint) -> None: ...

    async def withdraw(self, address: Address) -> None: ...

    async def tell(
        self, person: str, notice: Sentence, *, key: str = "", community: str = ""
    ) -> None: ...
