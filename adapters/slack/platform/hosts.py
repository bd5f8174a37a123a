"""Which addresses are Slack's own: only they get bytes, and only they see a token."""

from urllib.parse import urlsplit

from slack_sdk.web.async_client import AsyncWebClient

_SLACK = (".slack.com", ".slack-gov.com")


def is_slacks(client: AsyncWebClient, url: str) -> bool:
    """Whether `url` leads to Slack, or to the very server that the Web API is at."""
    wanted, api = urlsplit(url), urlsplit(client.base_url)
    if (wanted.scheme, wanted.netloc) == (api.scheme, api.netloc):
        return True
    return wanted.scheme == "https" and (wanted.hostname or "").endswith(_SLACK)
