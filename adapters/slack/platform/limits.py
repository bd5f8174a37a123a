"""Slack's limits, by the names that its documentation uses.

Source: https://docs.slack.dev/reference (Block Kit: blocks, block elements, composition objects;
Views; Methods: chat.postMessage, chat.update, conversations.history; Interacting with
response_url).
"""

# Blocks: "up to 50 blocks in each message, and 100 blocks in modals or home tabs".
MESSAGE_BLOCKS_MAX = 50
VIEW_BLOCKS_MAX = 100
BLOCK_ID_MAX_CHARS = 255
# Section: "maximum length for the text in this field is 3000 characters"; text objects likewise.
TEXT_MAX_CHARS = 3_000
CONTEXT_ELEMENTS_MAX = 10
ACTIONS_ELEMENTS_MAX = 25
HEADER_MAX_CHARS = 150
# Image: `alt_text` 2,000; both platforms take 1,000 well.
ALT_TEXT_MAX_CHARS = 2_000
ALT_TEXT_USED_CHARS = 1_000
# Elements.
ACTION_ID_MAX_CHARS = 255
BUTTON_TEXT_MAX_CHARS = 75
BUTTON_VALUE_MAX_CHARS = 2_000
SELECT_OPTIONS_MAX = 100
OPTION_TEXT_MAX_CHARS = 75
OPTION_VALUE_MAX_CHARS = 150
PLACEHOLDER_MAX_CHARS = 150
TEXT_INPUT_MAX_CHARS = 3_000
INPUT_LABEL_MAX_CHARS = 2_000
INPUT_HINT_MAX_CHARS = 2_000
# Confirmation dialogs.
CONFIRM_TITLE_MAX_CHARS = 100
CONFIRM_TEXT_MAX_CHARS = 300
CONFIRM_BUTTON_MAX_CHARS = 30
# Views.
VIEW_TITLE_MAX_CHARS = 24
VIEW_BUTTON_MAX_CHARS = 24
PRIVATE_METADATA_MAX_CHARS = 3_000
CALLBACK_ID_MAX_CHARS = 255
# chat.postMessage: "the text should be 4,000 characters or less".
MESSAGE_TEXT_MAX_CHARS = 4_000
# conversations.history: one page.
HISTORY_PAGE = 100
# File objects in image blocks: "png, jpg, jpeg, gif".
SHOWN_TYPES = ("image/png", "image/jpeg", "image/gif")

# Error codes of the Web API.
# The message, channel or person can't be reached; another way may work.
NO_WAY_IN = frozenset(
    {
        "channel_not_found",
        "channel_type_not_supported",
        "ekm_access_denied",
        "is_archived",
        "is_inactive",
        "messages_tab_disabled",
        "not_in_channel",
        "restricted_action",
        "restricted_action_non_threadable_channel",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "team_access_not_granted",
        "thread_locked",
        "user_not_found",
        "user_disabled",
    }
)
ARCHIVED = frozenset({"is_archived", "is_inactive"})
# Somebody deleted it.
MESSAGE_NOT_FOUND = "message_not_found"
# It is there, and can't be changed any more.
MESSAGE_CLOSED = frozenset({"cant_update_message", "edit_window_closed"})
MESSAGE_GONE = MESSAGE_CLOSED | {MESSAGE_NOT_FOUND}
# The message whose thread it was meant for is not there any more.
THREAD_GONE = frozenset({"thread_not_found", "cannot_reply_to_message", MESSAGE_NOT_FOUND})
# The workspace removed the app, or the token is no longer valid.
TOKEN_DEAD = frozenset(
    {
        "account_inactive",
        "invalid_auth",
        "not_authed",
        "org_login_required",
        "token_revoked",
        "app_uninstalled",
    }
)
# One that expired is replaced, so that a later try may work.
TOKEN_REFUSED = TOKEN_DEAD | {"token_expired"}
# History can't be read: the bot isn't in the channel, or has lost a scope.
UNREADABLE = NO_WAY_IN | {"missing_scope", "no_permission", "access_denied"}
# Faulty blocks; also a picture that Slack hasn't processed yet.
INVALID_BLOCKS = frozenset({"invalid_blocks", "invalid_blocks_format"})
# Files are refused for good; source: files.getUploadURLExternal and files.completeUploadExternal.
NO_ROOM = frozenset({"storage_limit_reached", "upload_limit_reached"})
NO_RIGHT = frozenset({"missing_scope", "no_permission", "not_allowed_token_type", "access_denied"})
FILE_GONE = frozenset({"file_not_found", "file_deleted"})
# A later try may succeed: it is Slack's own trouble, or the token is about to be replaced.
PASSING = frozenset(
    {
        "fatal_error",
        "internal_error",
        "ratelimited",
        "request_timeout",
        "service_unavailable",
        "token_expired",
    }
)
EXPIRED_TRIGGER = frozenset({"expired_trigger_id", "trigger_expired", "exchanged_trigger_id"})
