"""How the text of an environment variable becomes a value, and the sentence if it can't.

Every validator here raises ValueError with what the variable takes; `sentence` puts the
variable's name and, unless it is secret, its text in front of that.
"""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import annotated_types
from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic.fields import FieldInfo

from bot.domain.job import Verdict
from bot.domain.pricing import MICROS_PER_DOLLAR
from bot.spelling import nearest

FILE_SUFFIX = "_FILE"
SECRET_FILE_MAX_BYTES = 64 * 1024
# More than a million dollars is taken for a typing error.
DOLLARS_MAX = 1_000_000
SHOWN_MAX_CHARS = 60
KEY_MIN_CHARS = 32
# One mistake is allowed for so many characters: close names may be other programs' variables.
CHARS_PER_MISTAKE = 6
# Other names of a variable that every program knows, in the order in which they are asked.
SPELLINGS: Mapping[str, Sequence[str]] = {
    "HTTPS_PROXY": ("https_proxy", "ALL_PROXY", "all_proxy"),
    "NO_PROXY": ("no_proxy",),
}


def _micros(value: object) -> object:
    if not isinstance(value, str) or value.lower() == "none":
        return value.lower() if isinstance(value, str) else value
    takes = "US dollars like 0.05, or none for no limit"
    try:
        micros = Decimal(value.removeprefix("$")) * MICROS_PER_DOLLAR
    except InvalidOperation:
        raise ValueError(takes) from None
    if not micros.is_finite() or not 0 <= micros <= DOLLARS_MAX * MICROS_PER_DOLLAR:
        raise ValueError(f"{takes}, from 0 to {DOLLARS_MAX}")
    if micros != micros.to_integral_value():
        raise ValueError(f"{takes}, in steps of a millionth")
    return int(micros)


def _dollars(value: object) -> object:
    """Micro-dollars from a text in dollars; unlike in a limit, "none" is refused."""
    if isinstance(value, str) and value.lower() == "none":
        raise ValueError("US dollars like 0.0005")
    return _micros(value)


def _split(value: object) -> object:
    """Split at commas and spaces: one, two  →  ("one", "two")."""
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


def _split_keys(value: object) -> object:
    """Split at commas only, so that an address without a key can be left empty: KEY1,,KEY3."""
    return tuple(map(str.strip, value.split(","))) if isinstance(value, str) else value


def _split_commas(value: object) -> object:
    """Split at commas only, as folders may have blanks in them; empty parts are left out."""
    return (
        tuple(filter(None, map(str.strip, value.split(",")))) if isinstance(value, str) else value
    )


def _pairs(takes: str, known: Mapping[str, object]) -> BeforeValidator:
    """A validator for name=word pairs; `known` are the words and what they stand for."""

    def read(value: object) -> object:
        if not isinstance(value, str):
            return value
        pairs = [part.rpartition("=") for part in value.split(",") if part.strip()]
        named = [(name.strip(), word.strip().lower()) for name, _, word in pairs]
        if any(not name or word not in known for name, word in named):
            raise ValueError(takes)
        return tuple((name, known[word]) for name, word in named)

    return BeforeValidator(read)


def _networks(value: object) -> object:
    """Networks in a text like 127.0.0.1, 10.0.0.0/8; one that holds everybody is refused."""
    takes = "addresses or networks like 127.0.0.1, 10.0.0.0/8"
    if not isinstance(value, str):
        return value
    try:
        found = tuple(ip_network(each, strict=False) for each in value.replace(",", " ").split())
    except ValueError:
        raise ValueError(takes) from None
    if any(network.prefixlen == 0 for network in found):
        raise ValueError(f"{takes}, and not everybody's")
    return found


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def web_url(text: str) -> str:
    """An http(s) address without a slash at its end."""
    takes = "an address like https://example.org"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise ValueError(takes) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise ValueError(takes)
    if "@" in parts.netloc:
        raise ValueError(f"{takes}, without a name or password in it")
    if parts.query or parts.fragment:
        raise ValueError(f"{takes}, without ? or #")
    return text.rstrip("/")


def _api_urls(urls: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_api_base(web_url(url)) for url in urls)


def _api_base(url: str) -> str:
    """`url` without the beginning of a call's path, which people paste along with it."""
    for ending in ("/v1/inference", "/v1/openai", "/v1"):
        url = url.removesuffix(ending)
    return url


def _secret_url(value: SecretStr) -> SecretStr:
    url = urlsplit(value.get_secret_value())
    if url.scheme not in ("http", "https") or not url.hostname:
        raise ValueError("an http or https address")
    return value


def _proxy_url(value: SecretStr) -> SecretStr:
    url = urlsplit(value.get_secret_value())
    if url.scheme not in ("http", "https") or not url.hostname:
        names = " and ".join(SPELLINGS["HTTPS_PROXY"])
        raise ValueError(f"the http address of a proxy, also where {names} give it")
    return value


def _gateway_url(text: str) -> str:
    url = urlsplit(text)
    if url.scheme not in ("ws", "wss") or not url.hostname:
        raise ValueError("an address like wss://gateway.example.org")
    return text.rstrip("/")


def _begins(with_: str, what: str) -> AfterValidator:
    """A validator for secrets that begin with `with_`: two kinds are easily mixed up."""

    def check(value: SecretStr) -> SecretStr:
        if not value.get_secret_value().startswith(with_):
            raise ValueError(f"{what}, which begins with {with_}")
        return value

    return AfterValidator(check)


def _lasting(value: SecretStr) -> SecretStr:
    """Source: https://docs.slack.dev/authentication/using-token-rotation."""
    if value.get_secret_value().startswith("xoxe."):
        raise ValueError(
            "a token that lasts. This one (xoxe.…) is of an app with token rotation and expires "
            "after twelve hours: make an app without, or set SLACK_CLIENT_ID and let the workspace "
            "install it, as docs/slack.md says under Many workspaces"
        )
    return value


def _long_keys(keys: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
    if any(len(key.get_secret_value()) < KEY_MIN_CHARS for key in keys):
        raise ValueError(
            f"keys of at least {KEY_MIN_CHARS} characters, like those that "
            "`openssl rand -base64 32` makes"
        )
    return keys


def _sqlite_url(value: SecretStr) -> SecretStr:
    url = value.get_secret_value()
    if not url.startswith("sqlite:///") or not url.removeprefix("sqlite:///").strip(":/"):
        raise ValueError(
            "nothing or sqlite:///path/to/limner.db: this version keeps everything in one "
            "SQLite file"
        )
    return value


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        raise ValueError("the name of a time zone, like Europe/Berlin or UTC") from None
    return name


# Micro-dollars; "none" is no limit. A variable that is not set is None.
Limit = Annotated[int | Literal["none"], BeforeValidator(_micros)]
# Micro-dollars.
Dollars = Annotated[int, BeforeValidator(_dollars)]
Names = Annotated[tuple[str, ...], BeforeValidator(_split)]
Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], BeforeValidator(_networks)]
Keys = Annotated[tuple[SecretStr, ...], BeforeValidator(_split_keys)]
Folders = Annotated[tuple[str, ...], BeforeValidator(_split_commas)]
# Whether a label is unsafe, by its name.
Labels = Annotated[
    tuple[tuple[str, bool], ...],
    _pairs("labels like LABEL_1=unsafe,LABEL_0=safe", {"unsafe": True, "safe": False}),
]
Rules = Annotated[
    tuple[tuple[str, Verdict], ...],
    _pairs(
        "categories like violence=cover,hate=block; each is show, cover, review or block",
        {
            "show": Verdict.SHOW,
            "cover": Verdict.SPOILER,
            "review": Verdict.REVIEW,
            "block": Verdict.BLOCK,
        },
    ),
]
WebUrl = Annotated[str, AfterValidator(web_url)]
ApiUrls = Annotated[tuple[str, ...], BeforeValidator(_split), AfterValidator(_api_urls)]
GatewayUrl = Annotated[str, AfterValidator(_gateway_url)]
EncryptionKeys = Annotated[
    tuple[SecretStr, ...], BeforeValidator(_split_keys), AfterValidator(_long_keys)
]
SlackBotToken = Annotated[
    SecretStr, AfterValidator(_lasting), _begins("xoxb-", "the token of Slack's bot")
]
SlackAppToken = Annotated[SecretStr, _begins("xapp-", "an app-level token of Slack")]
ProxyUrl = Annotated[SecretStr, AfterValidator(_proxy_url)]
SecretUrl = Annotated[SecretStr, AfterValidator(_secret_url)]
SqliteUrl = Annotated[SecretStr, AfterValidator(_sqlite_url)]
Zone = Annotated[str, AfterValidator(_zone)]
AnyCase = BeforeValidator(_lower)


def is_secret(field: FieldInfo) -> bool:
    return "SecretStr" in str(field.annotation)


def sentence(name: str, text: str, field: FieldInfo, error: Mapping[str, Any]) -> str:
    """What the owner reads when `text` is no value for the field called `name`."""
    own = error["type"] == "value_error"
    takes = str(error["ctx"]["error"]) if own else _takes(field)
    # An address may contain a password.
    hidden = is_secret(field) or "@" in text
    shown = "set" if hidden else f'"{text[:SHOWN_MAX_CHARS]}"'
    return f"{name.upper()} is {shown}, but it takes {takes}."


def _takes(field: FieldInfo) -> str:
    kind = field.annotation
    if get_origin(kind) is Literal:
        return "one of " + ", ".join(get_args(kind))
    if kind is bool:
        return "yes or no"
    bounds = {type(bound): bound for bound in field.metadata}
    least, most = bounds.get(annotated_types.Ge), bounds.get(annotated_types.Le)
    takes = "a whole number" if kind is int else "a number"
    if least is not None:
        takes += f" from {least.ge}" + (f" to {most.le}" if most is not None else "")
    return takes


def merged(file: Mapping[str, str | None], environ: Mapping[str, str]) -> dict[str, str]:
    """The variables of a `.env` file under those of the environment, which win.

    A name that the environment has in either form (NAME or NAME_FILE) is not read from the file.
    """
    taken = {name.removesuffix(FILE_SUFFIX) for name in environ}
    own = {
        name: value
        for name, value in file.items()
        if value is not None and name.removesuffix(FILE_SUFFIX) not in taken
    }
    return own | dict(environ)


def given(
    environ: Mapping[str, str], fields: Mapping[str, FieldInfo]
) -> tuple[dict[str, str], dict[str, str]]:
    """The texts by field, secrets read from their files, and what is wrong with those files.

    An empty variable is not set.
    """
    texts: dict[str, str] = {}
    problems: dict[str, str] = {}
    for field, info in fields.items():
        name = field.upper()
        spellings = (name, *SPELLINGS.get(name, ()))
        text = next((text for each in spellings if (text := environ.get(each, "").strip())), "")
        path = environ.get(name + FILE_SUFFIX, "").strip() if is_secret(info) else ""
        if text and path:
            problems[field] = f"{name} and {name}{FILE_SUFFIX} are both set; keep one of them."
        elif path:
            try:
                texts[field] = _read_secret(Path(path))
            except ValueError as error:
                problems[field] = f"{name}{FILE_SUFFIX} is {path}, but {error}."
        elif text:
            texts[field] = text
    return texts, problems


def _read_secret(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(SECRET_FILE_MAX_BYTES + 1)
    except OSError as error:
        raise ValueError(f"that can't be read ({error.strerror})") from None
    if len(data) > SECRET_FILE_MAX_BYTES:
        raise ValueError("that file is too big for a secret")
    try:
        text = data.decode().strip()
    except UnicodeDecodeError:
        raise ValueError("that file is not text") from None
    if not text:
        raise ValueError("that file is empty")
    return text


def misspelled(environ: Collection[str], known: Collection[str]) -> tuple[str, ...]:
    """A sentence for each unknown variable whose name is nearly one of ours that is not set."""
    nears = {
        name: nearest(name, known, chars_per_mistake=CHARS_PER_MISTAKE)
        for name in sorted(environ)
        if name not in known
    }
    return tuple(
        f"{name} is set, but nobody reads it. Did you mean {near}?"
        for name, near in nears.items()
        if near and near not in environ
    )
