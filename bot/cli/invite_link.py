"""The link with which an admin adds the bot to a server."""


def discord_invite(token: str) -> str:
    """The link, with the permissions that the bot needs; "" if the token has no application id."""
    from adapters.discord.app import application_id_of, invite_url  # noqa: PLC0415  (heavy)

    application_id = application_id_of(token)
    return invite_url(application_id) if application_id else ""
