"""Discord's limits under the names of its documentation.

Source: https://docs.discord.com/developers (Interactions, Components, Uploading Files, Message).
"""

from datetime import timedelta

# The permissions that the bot needs to post results: Discord's name → the name people read.
NEEDED = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "attach_files": "Attach Files",
    "read_message_history": "Read Message History",
}
NEEDED_IN_THREADS = {
    **{name: words for name, words in NEEDED.items() if name != "send_messages"},
    "send_messages_in_threads": "Send Messages in Threads",
}

# Interactions: "Interaction tokens are valid for 15 minutes"; one minute is kept in hand.
INTERACTION_TOKEN_LIFETIME = timedelta(minutes=15)
INTERACTION_TOKEN_USED = timedelta(minutes=14)
# Components: text of all Text Displays of a message together.
TEXT_DISPLAY_TOTAL_MAX_CHARS = 4_000
# Components: "description" of a Media Gallery item is 1,024; both platforms take 1,000.
MEDIA_DESCRIPTION_MAX_CHARS = 1_000
CUSTOM_ID_MAX_CHARS = 100
SELECT_OPTIONS_MAX = 25
SELECT_OPTION_MAX_CHARS = 100
AUTOCOMPLETE_CHOICES_MAX = 25
CHOICE_NAME_MAX_CHARS = 100
TEXT_INPUT_MAX_CHARS = 4_000
MODAL_TITLE_MAX_CHARS = 45
DESCRIPTION_MAX_CHARS = 100
# Uploading Files: the default limit of one file, and of one request.
ATTACHMENT_MAX_BYTES = 10 * 1024 * 1024
REQUEST_MAX_BYTES = 25 * 1024 * 1024
# Room for the JSON and the form's own lines in a request.
REQUEST_RESERVE_BYTES = 64 * 1024


def limit_of_each(file_limit_bytes: int, count: int) -> int:
    """What each of `count` files of a message may have, in bytes."""
    share = (REQUEST_MAX_BYTES - REQUEST_RESERVE_BYTES) // max(1, count)
    return min(file_limit_bytes, share)


# Message: enforce_nonce is honoured "in the past few minutes".
NONCE_HONOURED = timedelta(minutes=3)
NONCE_MAX_CHARS = 25
# Channel: one page of messages.
MESSAGES_PAGE = 50

# JSON error codes.
UNKNOWN_CHANNEL = 10003
UNKNOWN_GUILD = 10004
UNKNOWN_MESSAGE = 10008
UNKNOWN_WEBHOOK = 10015
UNKNOWN_INTERACTION = 10062
ALREADY_ACKNOWLEDGED = 40060
REQUEST_ENTITY_TOO_LARGE = 40005
MISSING_ACCESS = 50001
CANNOT_MESSAGE_USER = 50007
MISSING_PERMISSIONS = 50013
INVALID_WEBHOOK_TOKEN = 50027
THREAD_ARCHIVED = 50083
THREAD_LOCKED = 160005
BLOCKED_BY_AUTOMOD = 200000
TITLE_BLOCKED_BY_AUTOMOD = 200001
HARMFUL_LINK = 240000

# Errors after which this way of delivery is closed for good, but another one may work.
TOKEN_DEAD = frozenset({UNKNOWN_WEBHOOK, INVALID_WEBHOOK_TOKEN, UNKNOWN_INTERACTION})
NO_WAY_IN = frozenset(
    {
        UNKNOWN_CHANNEL,
        UNKNOWN_GUILD,
        MISSING_ACCESS,
        MISSING_PERMISSIONS,
        THREAD_ARCHIVED,
        THREAD_LOCKED,
    }
)
AUTOMOD = frozenset({BLOCKED_BY_AUTOMOD, TITLE_BLOCKED_BY_AUTOMOD, HARMFUL_LINK})
