"""A model's name in a path contains a slash."""

from typing import Annotated

from fastapi import Path

ModelName = Annotated[
    str,
    Path(
        description="organisation/model",
        json_schema_extra={"pattern": "^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$"},
    ),
]
