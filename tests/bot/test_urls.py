"""Which addresses people may make the bot call."""

import asyncio
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import InvalidValue
from bot.urls import Resolver, check_url, host_name, is_public, resolve_public


def answering(*answers: str) -> Resolver:
    async def resolve(host: str, port: int) -> list[str]:
        return list(answers)

    return resolve


async def never(host: str, port: int) -> list[str]:
    await asyncio.Event().wait()
    raise AssertionError


async def unknown(host: str, port: int) -> list[str]:
    raise OSError(-2, "Name or service not known")


def code_of(url: str) -> str:
    with pytest.raises(InvalidValue) as caught:
        check_url(url)
    return caught.value.code


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org",
        "http://example.org:8080/hook?x=1#y",
        "HTTPS://Example.ORG./",
        "https://müller.example.org/",
        "https://93.184.215.14/",
        "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/",
        "https://hooks.example.org:1024/",
    ],
)
def test_ordinary_addresses_may_be_called(url: str) -> None:
    check_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "ftp://example.org/",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://",
        "https:///path",
        "https://exa mple.org/",
        "https://example.org\\@10.0.0.1/",
        "https://example.org/\r\nHost: x",
        "https://exa\tmple.org/",
        "https://[::1",
        "https://ex*mple.org/",
        "https://" + "a" * 64 + ".org/",
        "https://" + "a." * 140 + "org/",
        "https://example..org/",
    ],
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    assert code_of(url) == "not_a_url"


@pytest.mark.parametrize("url", ["https://me:secret@example.org/", "https://@example.org/"])
def test_an_address_holds_no_password(url: str) -> None:
    assert code_of(url) == "url_with_password"


@pytest.mark.parametrize("port", ["0", "22", "25", "1023", "65536", "-1", "x"])
def test_only_the_ports_of_the_web_and_the_high_ones_are_called(port: str) -> None:
    assert code_of(f"http://example.org:{port}/") == "url_port"


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "0x7f.1",
        "0x7f000001",
        "0177.0.0.1",
        "2130706433",
        "017700000001",
        "127.0.0.1.",
        "\uff11\uff12\uff17.0.0.1",  # fullwidth digits
        "127\u30020\u30020\u30021",  # ideographic full stops
        "0",
        "10.1.2.3",
        "100.64.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "[::]",
        "[::1]",
        "[fe80::1]",
        "[fd00::1]",
        "[fec0::1]",
        "[ff02::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:a00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::a9fe:a9fe]",
        "[64:ff9b:1::1]",
        "[2002:7f00:1::]",
        "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
        "[2001:db8::1]",
        "[fe80::1%25eth0]",
        "localhost",
        "LOCALHOST.",
        "api.localhost",
        "printer.local",
        "metadata.google.internal",
        "metadata",
    ],
)
async def test_nothing_private_is_called_however_it_is_spelled(host: str) -> None:
    url = f"http://{host}/"
    assert code_of(url) == "private_address"
    with pytest.raises(InvalidValue):
        await resolve_public(url, resolver=answering("93.184.215.14"))


async def test_the_address_that_was_checked_is_the_one_to_call() -> None:
    found = await resolve_public(
        "https://Example.org:8443/hook", resolver=answering("93.184.215.14", "93.184.215.15")
    )
    assert (found.url, found.host) == ("https://Example.org:8443/hook", "example.org")
    assert (found.ip, found.port) == ("93.184.215.14", 8443)


@pytest.mark.parametrize("private", ["10.0.0.1", "fd00::1", "::ffff:127.0.0.1", "fe80::1%eth0"])
async def test_one_private_answer_among_public_ones_is_enough_to_refuse(private: str) -> None:
    with pytest.raises(InvalidValue, match="private_address"):
        await resolve_public("https://example.org", resolver=answering("93.184.215.14", private))


@pytest.mark.parametrize("answer", ["64:ff9b::5db8:d70e", "::ffff:93.184.215.14"])
async def test_an_address_in_translation_is_judged_by_what_it_leads_to(answer: str) -> None:
    found = await resolve_public("https://example.org", resolver=answering(answer))
    assert ip_address(found.ip) == ip_address(answer)


@pytest.mark.parametrize("resolver", [unknown, never, answering(), answering("nonsense")])
async def test_a_name_without_an_answer_is_no_host(resolver: Resolver) -> None:
    with pytest.raises(InvalidValue, match="no_such_host"):
        await resolve_public("https://example.org", resolver=resolver, timeout_s=0.01)


async def test_a_test_may_judge_addresses_by_itself() -> None:
    found = await resolve_public(
        "http://127.0.0.1:8123/", resolver=answering("127.0.0.1"), allows=lambda _: True
    )
    assert (found.ip, found.port) == ("127.0.0.1", 8123)


async def test_the_system_resolves_where_nobody_else_does() -> None:
    found = await resolve_public("http://127.0.0.1:8123/", allows=lambda ip: ip.is_loopback)
    assert found.ip == "127.0.0.1"


@given(st.ip_addresses())
def test_nothing_is_public_that_python_calls_private(address: object) -> None:
    known = ip_address(str(address))
    mapped = getattr(known, "ipv4_mapped", None)
    if is_public(known):
        assert (mapped or known).is_global or str(known).startswith("64:ff9b::")


@given(st.text() | st.text().map("https://{}".format))
def test_any_text_is_judged(url: str) -> None:
    code = "callable"
    try:
        check_url(url)
    except InvalidValue as refused:
        code = refused.code
    assert code in {"callable", "not_a_url", "url_with_password", "url_port", "private_address"}


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("127.0.0.1:8765", "127.0.0.1"),
        ("[::1]:8765", "::1"),
        ("Example.ORG.", "example.org"),
        ("localhost", "localhost"),
        ("", None),
        (":80", None),
        ("[::1", None),
        ("127.0.0.1]:80", None),
        ("\u2100.example", None),
    ],
)
def test_the_name_in_a_host_header_is_read_or_there_is_none(header: str, name: str | None) -> None:
    assert host_name(header) == name
