"""Every setting: what it takes, its default, its help; and what follows from several of them."""

from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr

from bot.config.env_settings import FromEnvironment
from bot.config.env_values import (
    AnyCase,
    ApiUrls,
    EncryptionKeys,
    Folders,
    GatewayUrl,
    Keys,
    Labels,
    Limit,
    Names,
    Networks,
    ProxyUrl,
    Rules,
    SecretUrl,
    SlackAppToken,
    SlackBotToken,
    SqliteUrl,
    WebUrl,
    Zone,
)
from bot.domain.budgets import Budgets, StrangersBudgets
from bot.domain.model import SD21
from bot.domain.retention import Retention
from bot.proxy import Proxy
from bot.urls import is_loopback

DEEPINFRA_URL = "https://api.deepinfra.com"
DEEPINFRA_HOSTS = ("deepinfra.com",)
# Hosts that mean every address, and the address at which this machine itself reaches them.
ALL_ADDRESSES = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  (read, not bound)
SEED_MODEL = SD21.name
MEGABYTE = 1_000_000
# What an empty budget means where drawing costs money.
SAFE_BUDGETS = Budgets(
    person_day=50_000,
    person_month=500_000,
    community_day=2_000_000,
    community_month=25_000_000,
    operator_month=25_000_000,
)
# Likewise for communities that nobody chose: a few pictures a day, and together less than half.
SAFE_STRANGERS = StrangersBudgets(
    community_day=200_000,
    community_month=2_000_000,
    strangers_month=10_000_000,
)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address of the inference API, with the key that goes there and nowhere else."""

    url: str
    key: SecretStr | None


class Fields(FromEnvironment):
    """Read by `Settings`. Amounts are micro-dollars."""

    backend: Annotated[Literal["auto", "api", "local", "sketch"], AnyCase] = Field(
        "auto", description="where pictures are drawn; auto is api with a key or address, or sketch"
    )
    deepinfra_token: SecretStr | None = Field(
        None, description="key of DeepInfra; it is sent to DeepInfra's host only"
    )
    api_urls: ApiUrls = Field(
        (), description="addresses of the inference API, if it is not DeepInfra alone"
    )
    api_keys: Keys = Field(
        (), description="one key for each address in API_URLS, separated by commas; may be empty"
    )
    engine_model: Path | None = Field(
        None, description="with BACKEND=local: the folder of the model, as diffusers saves it"
    )
    model: str = Field(SEED_MODEL, description="the model that draws when nobody names one")
    models_allowed: Names = Field(
        (), description="models that members may use; empty is all that are cheap enough"
    )
    models_accepted: Names = Field(
        (), description="replacements of a model that may be used although they cost more"
    )
    max_picture_price: Limit = Field(
        20_000, description="dollars; models whose pictures cost more are not offered"
    )
    # Money: None is "not set", which `budgets` reads by the backend.
    budget_person_day: Limit | None = Field(
        None, description="dollars one person may spend a day; empty is 0.05 if drawing costs money"
    )
    budget_person_month: Limit | None = Field(
        None, description="dollars one person may spend a month; empty is 0.50 likewise"
    )
    budget_community_day: Limit | None = Field(
        None, description="dollars one server or workspace may spend a day; empty is 2 likewise"
    )
    budget_community_month: Limit | None = Field(
        None, description="dollars one server or workspace may spend a month; empty is 25 likewise"
    )
    budget_public_day: Limit | None = Field(
        None,
        description="dollars a day for each that PUBLIC alone lets in; empty is 0.20 likewise",
    )
    budget_public_month: Limit | None = Field(
        None, description="dollars a month for each of those; empty is 2 likewise"
    )
    budget_all_public_month: Limit | None = Field(
        None, description="dollars a month for all of those together; empty is 10 likewise"
    )
    budget_operator_month: Limit | None = Field(
        None, description="dollars everybody together may spend a month; empty is 25 likewise"
    )
    timezone: Zone = Field("UTC", description="the time zone whose days and months budgets follow")
    # Where it listens and what it keeps.
    host: str = Field("127.0.0.1", description="the address that the page listens on")
    port: int = Field(8765, ge=0, le=65535, description="the port of the page; 0 is any free one")
    public_url: WebUrl | None = Field(
        None, description="the page's address as others reach it, like https://draw.example.org"
    )
    trusted_proxies: Networks = Field(
        (),
        description="addresses or networks of proxies, whose X-Forwarded-For says who asks",
    )
    playground: bool = Field(default=True, description="whether there is a page to draw on")
    data_dir: Path = Field(Path("data"), description="the folder of database, pictures and keys")
    database_url: SqliteUrl | None = Field(
        None, description="sqlite:///path/to/limner.db; empty is limner.db in DATA_DIR"
    )
    retention_days: int = Field(
        90, ge=0, le=36_500, description="days until pictures are deleted; 0 keeps them"
    )
    refused_retention_days: int = Field(
        7, ge=0, le=36_500, description="days until refused prompts are deleted; 0 keeps them"
    )
    case_retention_days: int = Field(
        180, ge=0, le=36_500, description="days until decided cases are forgotten; 0 keeps them"
    )
    left_retention_days: int = Field(
        30,
        ge=0,
        le=36_500,
        description="days until a server or workspace that took the bot off is forgotten; 0 keeps "
        "it",
    )
    audit_retention_days: int = Field(
        730, ge=0, le=36_500, description="days until rows of the audit are cut off; 0 keeps them"
    )
    backup_dir: Path | None = Field(
        None, description="a folder for a backup every night; empty makes none"
    )
    backup_hour: int = Field(
        4, ge=0, le=23, description="the hour from which on it is made, in TIMEZONE"
    )
    backups_kept: int = Field(
        7, ge=1, le=1_000, description="nightly backups that are kept; older ones are deleted"
    )
    min_free_disk_mb: int = Field(
        500, ge=0, le=10_000_000, description="megabytes to leave free; below, nothing is drawn"
    )
    # Turns.
    running_per_person: int = Field(
        1, ge=1, le=100, description="requests of one person that are drawn at once"
    )
    waiting_per_person: int = Field(
        3, ge=1, le=1_000, description="requests of one person that may wait"
    )
    max_running: int = Field(4, ge=1, le=200, description="requests that are drawn at once")
    max_waiting: int = Field(500, ge=1, le=100_000, description="requests that may wait in all")
    drain_s: float = Field(
        20, ge=0, le=600, description="seconds that running requests get when the bot stops"
    )
    # Where people are.
    allowed_communities: Names = Field(
        (), description="ids of servers and workspaces that may use the bot; empty asks for a code"
    )
    public: bool = Field(
        default=False,
        description="whether any other server or workspace may use the bot, too, on small budgets",
    )
    user_installs: bool = Field(
        default=False, description="whether people may install the bot for themselves"
    )
    discord_token: SecretStr | None = Field(None, description="switches Discord on")
    discord_api_url: WebUrl | None = Field(None, description="Discord's API, if not the usual one")
    discord_gateway_url: GatewayUrl | None = Field(
        None, description="Discord's gateway, if not the usual one"
    )
    slack_bot_token: SlackBotToken | None = Field(
        None, description="switches Slack on in one workspace (xoxb-…)"
    )
    slack_app_token: SlackAppToken | None = Field(
        None, description="lets Slack reach the bot by Socket Mode (xapp-…), without an address"
    )
    slack_signing_secret: SecretStr | None = Field(
        None, description="lets Slack reach the bot at PUBLIC_URL instead, over HTTP"
    )
    slack_client_id: str = Field(
        "", description="switches Slack on for every workspace that installs it, over HTTP"
    )
    slack_client_secret: SecretStr | None = Field(None, description="belongs to SLACK_CLIENT_ID")
    slack_token_keys: EncryptionKeys = Field(
        (),
        description="encrypt those workspaces' tokens: the first new ones, all of them are tried",
    )
    slack_api_url: WebUrl | None = Field(None, description="Slack's API, if not the usual one")
    slack_pictures_in_thread: bool = Field(
        default=False, description="share pictures in their card's thread, not in the card"
    )
    # Who looks at prompts and pictures.
    moderation_model: Folders = Field(
        (),
        description="opennsfw, or folders of image classifiers in ONNX, separated by commas; the "
        "harder counts; empty is opennsfw where the extra is installed",
    )
    moderation_labels: Labels = Field(
        (), description="what labels of theirs mean that are not known: LABEL_1=unsafe,LABEL_0=safe"
    )
    moderation_url: WebUrl | None = Field(
        None,
        description="a service that speaks OpenAI's /moderations, like https://api.openai.com/v1; "
        "it gets every prompt and picture, and members are told so",
    )
    moderation_key: SecretStr | None = Field(None, description="its key")
    moderation_service_model: str = Field(
        "omni-moderation-latest", description="the model that the service is asked for"
    )
    moderation_rules: Rules = Field(
        (),
        description="what follows from its categories, where it is not the default: "
        "violence=cover,hate=block; each is show, cover, review or block",
    )
    # How the bot reaches others.
    https_proxy: ProxyUrl | None = Field(
        None, description="the proxy for public https addresses; all others are called directly"
    )
    no_proxy: Names = Field(
        (), description="hosts that are called without the proxy, with all below them"
    )
    # The owner.
    operator_contact: str = Field(
        "",
        max_length=200,
        description="how people reach the bot's owner; shown in /help and on the page",
    )
    operator_name: str = Field(
        "",
        max_length=200,
        description="who runs the bot; with OPERATOR_CONTACT it fills /terms and /privacy",
    )
    operator_law: str = Field(
        "", max_length=200, description="the country or state whose law /terms names"
    )
    legal_dir: Path | None = Field(
        None, description="a folder with a terms.txt and a privacy.txt of your own for these pages"
    )
    alert_webhook_url: SecretUrl | None = Field(
        None, description="receives a JSON message when something needs the owner's hand"
    )
    log_level: Annotated[Literal["debug", "info", "warning", "error"], AnyCase] = Field(
        "info", description="debug, info, warning or error"
    )

    @property
    def resolved_backend(self) -> Literal["api", "local", "sketch"]:
        if self.backend != "auto":
            return self.backend
        return "api" if self.api_urls or self.deepinfra_token else "sketch"

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The addresses with their keys; DeepInfra's token is used for DeepInfra's host alone."""
        urls = self.api_urls or (DEEPINFRA_URL,)
        keys = self.api_keys or (SecretStr(""),) * len(urls)
        return tuple(self._endpoint(url, key) for url, key in zip(urls, keys, strict=True))

    def _endpoint(self, url: str, key: SecretStr) -> Endpoint:
        if key.get_secret_value():
            return Endpoint(url, key)
        return Endpoint(url, self.deepinfra_token if is_deepinfra(url) else None)

    @property
    def proxy(self) -> Proxy:
        url = self.https_proxy.get_secret_value() if self.https_proxy else ""
        return Proxy(url, self.no_proxy)

    @property
    def slack_is_on(self) -> bool:
        return bool(self.slack_bot_token or self.slack_client_id)

    @property
    def slack_over_http(self) -> bool:
        """Whether Slack calls PUBLIC_URL; otherwise the bot connects to Slack."""
        return self.slack_is_on and self.slack_app_token is None

    @property
    def budgets(self) -> Budgets:
        """An empty budget is the safe default where drawing costs money, else no limit."""
        empty = SAFE_BUDGETS if self.resolved_backend == "api" else Budgets()
        return Budgets(
            person_day=_limit(self.budget_person_day, empty.person_day),
            person_month=_limit(self.budget_person_month, empty.person_month),
            community_day=_limit(self.budget_community_day, empty.community_day),
            community_month=_limit(self.budget_community_month, empty.community_month),
            operator_month=_limit(self.budget_operator_month, empty.operator_month),
        )

    @property
    def strangers_budgets(self) -> StrangersBudgets | None:
        """The limits of communities that PUBLIC alone lets in; None where nobody else may come."""
        if not self.public:
            return None
        empty = SAFE_STRANGERS if self.resolved_backend == "api" else StrangersBudgets()
        own = Budgets(
            community_day=_limit(self.budget_public_day, empty.community_day),
            community_month=_limit(self.budget_public_month, empty.community_month),
        )
        together = _limit(self.budget_all_public_month, empty.strangers_month)
        return StrangersBudgets(**asdict(own.within(self.budgets)), strangers_month=together)

    @property
    def max_picture_micros(self) -> int | None:
        return _limit(self.max_picture_price, None)

    @property
    def database_path(self) -> Path:
        if self.database_url is None:
            return self.data_dir / "limner.db"
        return Path(self.database_url.get_secret_value().removeprefix("sqlite:///"))

    @property
    def retention(self) -> Retention:
        """How long each kind of thing is kept."""
        return Retention(
            results=timedelta(days=self.retention_days),
            refused=timedelta(days=self.refused_retention_days),
            cases=timedelta(days=self.case_retention_days),
            left=timedelta(days=self.left_retention_days),
            audit=timedelta(days=self.audit_retention_days),
        )

    @property
    def moderation_host(self) -> str:
        """Who gets prompts and pictures to look at; "" is nobody."""
        return urlsplit(self.moderation_url or "").hostname or ""

    @property
    def pictures_dir(self) -> Path:
        return self.data_dir / "pictures"

    @property
    def is_public(self) -> bool:
        """Whether other machines can reach the page, so that it needs a sign-in."""
        return bool(self.public_url) or not is_loopback(self.host)

    @property
    def is_everywhere(self) -> bool:
        """Whether the page listens on all of this machine's addresses."""
        return not self.public_url and self.host in ALL_ADDRESSES

    @property
    def has_address(self) -> bool:
        """Whether it is known at which address others can reach the page."""
        return self.is_public and not self.is_everywhere

    @property
    def page_url(self) -> str:
        """The page's address as people open it."""
        if self.public_url:
            return self.public_url
        host = ALL_ADDRESSES.get(self.host, self.host)
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


def is_deepinfra(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return url.startswith("https:") and any(
        host == known or host.endswith("." + known) for known in DEEPINFRA_HOSTS
    )


def _limit(value: int | Literal["none"] | None, empty: int | None) -> int | None:
    if value is None:
        return empty
    return None if value == "none" else value
