"""Slack's limits, by the names that its documentation uses.

Source: https://docs.slack.dev/reference (Block Kit: blocks, block elements, composition objects;
Views; Methods: chat.postMessage, chat.update, conversations.history; Interacting with
response_url).
"""

from collections.abc import Mapping

from bot.domain.repair import Repair

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
        "token_revoked",
        "app_uninstalled",
    }
)
# One that expired may still be replaced.
TOKEN_REFUSED = TOKEN_DEAD | {"token_expired"}
# At a start: of the wrong kind, or without what it needs.
TOKEN_UNFIT = TOKEN_REFUSED | {"not_allowed_token_type", "missing_scope"}
NO_RIGHT = frozenset({"missing_scope", "no_permission", "access_denied"})
# History can't be read: the bot isn't in the channel, or has lost a scope.
UNREADABLE = NO_WAY_IN | NO_RIGHT
# Faulty blocks; also a picture that Slack hasn't processed yet.
INVALID_BLOCKS = frozenset({"invalid_blocks", "invalid_blocks_format"})
FILE_GONE = frozenset({"file_not_found", "file_deleted"})
# A later try may succeed: it is Slack's own trouble, or the workspace moves into an organization.
PASSING = frozenset(
    {
        "fatal_error",
        "internal_error",
        "org_login_required",
        "ratelimited",
        "request_timeout",
        "service_unavailable",
        "team_added_to_org",
    }
)
# What we said wrong.
OURS = frozenset(
    {
        "deprecated_endpoint",
        "invalid_arg_name",
        "invalid_arguments",
        "invalid_array_arg",
        "invalid_charset",
        "invalid_form_data",
        "invalid_json",
        "invalid_post_type",
        "json_not_object",
        "method_deprecated",
        "missing_argument",
        "missing_post_type",
        "unknown_method",
    }
)
# What somebody has to mend before the same call can succeed. Of files: files.getUploadURLExternal
# and files.completeUploadExternal.
REPAIRS: Mapping[str, Repair] = {
    **dict.fromkeys(TOKEN_REFUSED | {"not_allowed_token_type"}, Repair.TOKEN),
    **dict.fromkeys(NO_RIGHT, Repair.SCOPE),
    **dict.fromkeys({"storage_limit_reached", "upload_limit_reached"}, Repair.STORAGE),
    **dict.fromkeys(
        {
            "blocked_file_type",
            "file_type_not_allowed",
            "file_upload_disabled",
            "file_upload_size_restricted",
            "file_uploads_disabled",
            "file_uploads_except_images_disabled",
        },
        Repair.UPLOADS,
    ),
}
EXPIRED_TRIGGER = frozenset({"expired_trigger_id", "trigger_expired", "exchanged_trigger_id"})
