"""Which addresses are Slack's own: only to these are bytes and tokens sent."""

from urllib.parse import urlsplit

from slack_sdk.web.async_client import AsyncWebClient

_SLACK = (".slack.com", ".slack-gov.com")


def is_slacks(client: AsyncWebClient, url: str) -> bool:
    """Whether `url` is on one of Slack's hosts, or on the Web API's own server."""
    wanted, api = urlsplit(url), urlsplit(client.base_url)
    if (wanted.scheme, wanted.netloc) == (api.scheme, api.netloc):
        return True
    return wanted.scheme == "https" and (wanted.hostname or "").endswith(_SLACK)
