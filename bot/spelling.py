"""Did you mean …? Which known name a mistyped one is nearest to."""

from collections.abc import Iterable


def nearest(typed: str, known: Iterable[str], *, chars_per_mistake: int = 4) -> str | None:
    """The first of the `known` names with the fewest mistakes; None if all have too many.

    Three letters may have one mistake, and each `chars_per_mistake` more another. Case is ignored.
    """
    found, fewest = None, None
    for name in known:
        limit = (min(len(typed), len(name)) + 1) // chars_per_mistake
        count = mistakes(typed.casefold(), name.casefold(), limit)
        if count <= limit and (fewest is None or count < fewest):
            found, fewest = name, count
    return found


def mistakes(typed: str, meant: str, limit: int) -> int:
    """How many letters are missing, added, wrong, or changed places with their neighbour.

    Counts as far as `limit + 1`. This is the optimal string alignment distance, the restricted
    form of Damerau and Levenshtein's.
    """
    if abs(len(typed) - len(meant)) > limit:
        return limit + 1
    older: list[int] = []
    before: list[int] = []
    row = list(range(len(meant) + 1))
    for i, letter in enumerate(typed):
        older, before, row = before, row, [i + 1]
        for j, other in enumerate(meant):
            fewest = min(before[j] + (letter != other), before[j + 1] + 1, row[j] + 1)
            if i and j and letter == meant[j - 1] and other == typed[i - 1]:
                fewest = min(fewest, older[j - 1] + 1)
            row.append(fewest)
        if min(row) > limit:
            return limit + 1
    return row[-1]
