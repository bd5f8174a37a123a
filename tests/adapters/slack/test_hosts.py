"""Only Slack's own hosts get bytes, and only they see a token."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.platform.hosts import is_slacks


@pytest.mark.parametrize(
    ("url", "slacks"),
    [
        ("https://files.slack.com/files-pri/T1-F1/a.png", True),
        ("https://files.slack-gov.com/files-pri/T1-F1/a.png", True),
        ("http://files.slack.com/files-pri/T1-F1/a.png", False),
        ("https://files.slack.com.evil.example/a.png", False),
        ("https://evilslack.com/a.png", False),
        ("https://evil.example/?https://files.slack.com", False),
        ("https://files.slack.com@evil.example/a.png", False),
        ("http://127.0.0.1:9/a.png", False),
        ("", False),
    ],
)
def test_hosts_are_told_apart(url: str, slacks: bool) -> None:
    assert is_slacks(AsyncWebClient("token"), url) is slacks


def test_where_the_api_is_the_files_may_be() -> None:
    client = AsyncWebClient("token", base_url="http://127.0.0.1:9/api/")
    assert is_slacks(client, "http://127.0.0.1:9/files/a.png")
    assert not is_slacks(client, "http://127.0.0.1:8/files/a.png")
