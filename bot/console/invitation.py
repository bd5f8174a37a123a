"""The link with which an admin adds the bot to a server."""

from pydantic import SecretStr


def discord_invite(token: SecretStr) -> str:
    """With no more permissions than the bot needs; "" where the token tells nothing."""
    from adapters.discord.app import application_id_of, invite_url  # noqa: PLC0415  (heavy)

    application_id = application_id_of(token.get_secret_value())
    return invite_url(application_id) if application_id else ""
