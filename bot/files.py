"""Files of the picture store that no row refers to any more."""

from bot.books import Books
from bot.ports import Pictures

FILES_AT_ONCE = 200


async def drop_unused_files(books: Books, pictures: Pictures) -> None:
    """Remove the files that no row refers to any more: the file first, then its row."""
    async with pictures.lock:
        for sha256, _ in await books.owner.unused_files(FILES_AT_ONCE):
            await pictures.delete(sha256)
            await books.owner.forget_file(sha256)
