"""What is kept about a person besides their results, for them to take along.

Who reported them or decided about them is not part of it, nor what is frozen, of which they aren't
told. tests/bot/accounts/test_export.py says of every column why it is exported, or is not.
"""

from collections.abc import Iterator, Mapping

# The parameters are platform, community and person.
_WHO = """WITH who AS (SELECT id, platform || ':' || community || ':' || person AS actor,
  platform, community, person FROM principal
  WHERE kind = 'person' AND platform = ? AND community = ? AND person = ?)"""
_IS_THEIRS = "principal_id = (SELECT id FROM who)"
_PLACE = "platform, community, person"
_OF_THEIR_JOBS = "job_key IN (SELECT key FROM job WHERE person_id = (SELECT id FROM who)"

Exports = Mapping[str, tuple[str, str]]

# By table: columns, and which rows.
MODERATION: Exports = {
    "review_case": (
        "public_id, kind, state, decision, reason, opened_at",
        "subject_id = (SELECT id FROM who) AND state <> 'frozen'",
    ),
    "strike": ("reason, at, expires_at, lifted_at", _IS_THEIRS),
    "block": ("reason, at, until, lifted_at", f"{_IS_THEIRS} AND NOT locked"),
    "report": ("category, reason, at", _IS_THEIRS),
    "refused_prompt": ("prompt, at", _IS_THEIRS),
    "favourite": ("job_key, at", _IS_THEIRS),
}
RECORDS: Exports = {
    "card": ("job_key, surface, address, state, trouble", f"{_OF_THEIR_JOBS})"),
    "look": (
        "job_key, position, source, score, model, version, categories, at",
        f"{_OF_THEIR_JOBS} AND NOT frozen)",
    ),
    "notice": ("code, detail", _IS_THEIRS),
    "entry": (
        "job_key, kind, amount, at",
        f"account_id IN (SELECT id FROM account WHERE {_IS_THEIRS})",  # noqa: S608
    ),
    "audit": ("at, action, subject, detail", "actor = (SELECT actor FROM who)"),
    "erasure": ("at", _IS_THEIRS),
    "opening": (
        "words, at",
        "platform || ':' || community || ':' || person = (SELECT actor FROM who)",
    ),
    "home": ("at", f"({_PLACE}) IN (SELECT {_PLACE} FROM who)"),  # noqa: S608
    "undelivered": ("job_key", f"{_OF_THEIR_JOBS})"),
}


def queries(of: Exports) -> Iterator[tuple[str, list[str], str]]:
    """Table, names of the columns, and query of each; its parameters are those of `_WHO`."""
    for table, (columns, rows) in of.items():
        names = columns.split(", ")
        shown = ", ".join(_WITHOUT_SECRETS.get(name, name) for name in names)
        yield table, names, f"{_WHO} SELECT {shown} FROM {table} WHERE {rows}"  # noqa: S608


# With its token whoever has it answers an interaction of Discord.
_WITHOUT_SECRETS = {"address": "json_remove(address, '$.token')"}
