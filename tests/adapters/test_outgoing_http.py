"""What a proxy of the owner's is asked for, by each client that the bot has."""

import asyncio
import os
import random
import ssl
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from discord.gateway import DiscordWebSocket
from discord.http import Route
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters import outgoing_http, pinned_http
from adapters.discord.app import DiscordSettings, running
from adapters.slack.connection.clients import new_client, new_session
from adapters.slack.platform.pacing import Pace
from bot.app.chat_platforms import services_of
from bot.app.composition import Replacements, build_app
from bot.app.lifecycle import learn_models
from bot.config.settings import Settings
from bot.connection import Connection
from bot.proxy import Proxy
from bot.request.options import validate
from tests.adapters.slack.fake.server import FakeSlack
from tests.support.clock import NOON, FakeClock
from tests.support.fake_deepinfra import FakeDeepInfra
from tests.support.recording_proxy import environment, recording
from tests.support.whole_bot import MODEL, drawing_with, sketching

ROOT = Path(__file__).parents[2]
NAME = "api.example.org"
EXCEPTIONS = (".own.example", "port.example:8443", "plain.example:443", "[2606:2800::2]")


@pytest.mark.parametrize(
    ("target", "through"),
    [
        ("https://api.deepinfra.com/v1", True),
        ("https://93.184.216.34/", True),
        ("wss://gateway.discord.gg/", True),
        ("https://[2606:2800::1]:8443/", True),
        ("http://api.deepinfra.com/", False),
        ("http://gpu.example.org:8770/", False),
        ("ws://gateway.example.org/", False),
        ("https://localhost/", False),
        ("https://LOCALHOST:8443/", False),
        ("https://a.localhost./", False),
        ("https://127.0.0.1:8770/", False),
        ("https://127.8.9.1/", False),
        ("https://0.0.0.0/", False),
        ("https://[::1]/", False),
        ("https://[::ffff:10.0.0.1]/", False),
        ("https://[fe80::1%25eth0]/", False),
        ("https://[fd00::1]/", False),
        ("https://10.1.2.3/", False),
        ("https://172.16.0.1/", False),
        ("https://192.168.1.20/", False),
        ("https://169.254.169.254/", False),
        ("https://100.64.0.1/", False),
        ("https://0x7f.1/", False),
        ("https://2130706433/", False),
        ("https://gpu/", False),
        ("https://gpu.local/", False),
        ("https://gpu.internal./", False),
        ("https://gpu.lan/", False),
        ("https://own.example/", False),
        ("https://deep.own.example/", False),
        ("https://not-own.example/", True),
        ("https://port.example:8443/", False),
        ("https://plain.example/", False),
        ("https://[2606:2800::2]/", False),
        ("https://port.example/", True),
    ],
)
def test_only_public_addresses_with_tls_go_through_a_proxy(target: str, *, through: bool) -> None:
    proxy = Proxy("http://proxy.example:3128", EXCEPTIONS)
    assert proxy.of(target) == ("http://proxy.example:3128" if through else None)
    assert Proxy().of(target) is None


def test_a_star_means_every_host() -> None:
    assert Proxy("http://proxy.example:3128", ("*",)).of("https://api.deepinfra.com/") is None


@pytest.mark.parametrize(
    ("environ", "found"),
    [
        ({"HTTPS_PROXY": "http://a:1"}, "http://a:1"),
        ({"https_proxy": "http://a:1"}, "http://a:1"),
        ({"all_proxy": "http://a:1"}, "http://a:1"),
        ({"ALL_PROXY": "http://b:2", "https_proxy": "http://a:1"}, "http://a:1"),
        ({"HTTPS_PROXY": "http://a:1", "no_proxy": "b.example, deepinfra.com"}, None),
        ({"HTTPS_PROXY": "http://a:1", "NO_PROXY": "api.deepinfra.com"}, None),
        ({"HTTP_PROXY": "http://a:1", "http_proxy": "http://a:1"}, None),
    ],
)
def test_the_variables_that_every_program_reads_name_it(
    environ: dict[str, str], found: str | None
) -> None:
    assert Settings.from_env(environ).proxy.of("https://api.deepinfra.com") == found


def test_the_password_of_a_proxy_is_shown_nowhere() -> None:
    settings = Settings.from_env({"HTTPS_PROXY": "http://ann:hidden@proxy.example:3128"})
    assert "hidden" not in f"{settings!r} {settings.proxy!r}"


@pytest.fixture
def service() -> Iterator[FakeDeepInfra]:
    with FakeDeepInfra() as fake:
        yield fake


async def test_what_is_for_loopback_never_reaches_it(
    service: FakeDeepInfra, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The port of a service that speaks plain HTTP, asked with and without TLS."""
    async with recording() as proxy:
        for name, value in environment(proxy).items():
            monkeypatch.setenv(name, value)
        own = Settings.from_env(os.environ).proxy
        headers = {"Authorization": "Bearer secret-key"}
        async with outgoing_http.client(own) as http:
            for host in ("127.0.0.1", "localhost"):
                got = await http.get(f"http://{host}:{service.port}/models/list", headers=headers)
                assert got.status_code == 200
                with pytest.raises(httpx.ConnectError):
                    await http.get(f"https://{host}:{service.port}/", headers=headers)
            with pytest.raises(httpx.ConnectError):
                await http.get("http://plain.invalid/", headers=headers)
    assert (proxy.asked, proxy.heard) == ([], b"")


async def test_what_is_public_reaches_it_as_a_name_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = certified(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    pinned_http.certificates.cache_clear()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with FakeDeepInfra(tls=context) as service:
        async with recording(service.port) as proxy:
            own = Proxy(proxy.url.replace("//", "//ann:word@"))
            async with outgoing_http.client(own) as http:
                headers = {"Authorization": f"Bearer {service.key}"}
                got = await http.get(f"https://{NAME}/v1/me/rate_limit", headers=headers)
            async with (
                new_session(own) as session,
                session.get(f"https://{NAME}/models/list", ssl=trusting(certificate)) as listed,
            ):
                assert listed.status == 200
    pinned_http.certificates.cache_clear()
    assert got.json() == {"rate_limit": 200}
    assert proxy.asked == [f"CONNECT {NAME}:443 HTTP/1.1"] * 2
    assert proxy.heard.count(b"Proxy-Authorization: Basic YW5uOndvcmQ=") == 2
    assert service.key.encode() not in proxy.heard


def trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certificate)


def certified(folder: Path) -> Path:
    """A file with key and certificate of NAME."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(NOON - timedelta(days=365))
        .not_valid_after(NOON + timedelta(days=36_500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    path = folder / "certificate.pem"
    path.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + made.public_bytes(pem)
    )
    return path


async def test_a_pinned_address_is_called_directly(service: FakeDeepInfra) -> None:
    async with recording() as proxy, outgoing_http.client(Proxy(proxy.url)) as http:
        # An address for documentation: it's public for `Proxy`, and nobody is there.
        request = http.build_request(
            "GET", "https://[2606:2800::1]/", extensions={"sni_hostname": NAME}, timeout=0.2
        )
        with pytest.raises((httpx.ConnectError, httpx.ConnectTimeout)):
            await http.send(request)
    assert proxy.asked == []


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack() as fake:
        yield fake


def pace() -> Pace:
    return Pace(FakeClock(auto=True), random.Random(1))


async def test_slack_on_loopback_never_reaches_it(
    slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """slack_sdk itself takes any proxy of the environment, for its clients and copies of them."""
    async with recording() as proxy:
        for name, value in environment(proxy).items():
            monkeypatch.setenv(name, value)
        async with new_session(Settings.from_env(os.environ).proxy) as session:
            client = new_client(session, slack.api_url, pace(), token=slack.token)
            assert client.proxy == proxy.url
            assert (await client.auth_test())["ok"]
            base = slack.api_url.removesuffix("/api")
            hook = AsyncWebhookClient(f"{base}/nothing-there", session=session)
            assert (await hook.send(text="secret-word")).status_code != 502
            async with session.get(f"{base}/nothing-there") as got:
                assert got.status != 502
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(f"{base.replace('http', 'ws')}/nothing-there")
        assert (proxy.asked, proxy.heard) == ([], b"")


async def test_public_slack_goes_through_the_proxy_that_the_settings_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with recording() as proxy, recording() as other:
        for name, value in environment(other).items():
            monkeypatch.setenv(name, value)
        async with new_session(Proxy(proxy.url)) as session:
            with pytest.raises(aiohttp.ClientError):
                await new_client(session, "", pace(), token="xoxb-secret").auth_test()
            with pytest.raises(aiohttp.ClientError):
                await session.ws_connect("wss://wss-primary.slack.com/link")
    assert proxy.asked == [
        "CONNECT slack.com:443 HTTP/1.1",
        "CONNECT wss-primary.slack.com:443 HTTP/1.1",
    ]
    assert b"xoxb" not in proxy.heard
    assert other.asked == []


async def test_a_whole_bot_on_loopback_asks_it_for_nothing(
    service: FakeDeepInfra, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its engine's address, its alerts, and the page of the service's models."""
    async with recording() as proxy:
        for name, value in environment(proxy).items():
            monkeypatch.setenv(name, value)
        environ = drawing_with(service, tmp_path, ALERT_WEBHOOK_URL=f"{service.url}/alerts")
        settings = Settings.from_env({**os.environ, **environ})
        async with build_app(settings, Replacements(clock=FakeClock(auto=True))) as app:
            await learn_models(app)
            assert app.catalogue.knows(MODEL)
            await app.alerts.alert("topic", "secret-word")
            request = app.catalogue.fit(validate({"prompt": "secret-word", "seed": "1"}))
            result = await app.backend.draw(request, print, address=service.url)
    assert len(result.pictures) == 1
    assert (proxy.asked, proxy.heard) == ([], b"")


@pytest.mark.parametrize(
    ("settings", "asked"),
    [
        ({}, ["CONNECT discord.com:443 HTTP/1.1"]),
        ({"api_url": "http://127.0.0.1:9"}, []),
        ({"api_url": "http://127.0.0.1:9", "gateway_url": "ws://127.0.0.1:9"}, []),
        ({"api_url": "https://127.0.0.1:9", "gateway_url": "wss://gateway.example.org"}, []),
    ],
)
async def test_discord_goes_through_it_where_both_of_its_addresses_are_public(
    settings: dict[str, Any], asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As in a new process, whichever addresses a bot before this one was told.
    monkeypatch.setattr(Route, "BASE", "https://discord.com/api/v10")
    gateway = type(DiscordWebSocket.DEFAULT_GATEWAY)("wss://gateway.discord.gg/")
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", gateway)
    async with recording() as proxy, build_app(Settings.from_env(sketching(tmp_path))) as app:
        known = DiscordSettings("a.token.of.nobody", **settings)
        connection = Connection("Discord", alerts=app.alerts, clock=app.clock, rng=app.rng)
        with pytest.raises(TimeoutError):
            async with (
                asyncio.timeout(2.0),
                running(services_of(app), known, connection, Proxy(proxy.url)),
            ):
                await asyncio.Event().wait()
    assert sorted(set(proxy.asked)) == asked
    assert b"nobody" not in proxy.heard


async def test_the_doctor_on_loopback_asks_it_for_nothing_and_says_what_goes_there(
    service: FakeDeepInfra, slack: FakeSlack, tmp_path: Path
) -> None:
    async with recording() as proxy:
        environ = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            **environment(proxy),
            **drawing_with(service, tmp_path),
            **slack.environ,
            "NO_PROXY": "own.example",
        }
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "doctor"),
            env=environ,
            cwd=tmp_path,
            stdout=asyncio.subprocess.PIPE,
        )
        said, _ = await asyncio.wait_for(process.communicate(), 120.0)
    assert f"Pictures: {service.url}, the key is good." in said.decode()
    assert "Proxy: public https addresses are called through 127.0.0.1, but for" in said.decode()
    assert (proxy.asked, proxy.heard) == ([], b"")
