"""Words on buttons, in menus, and beside the fields of forms: plain text, without markup."""

# --- a result

AGAIN = "Again"
TRY_AGAIN = "Try again"
EDIT = "Edit"
FILES = "Files"
CANCEL = "Cancel"
TELL_ME = "Tell me"
SECOND_LOOK = "Second look"
SECOND_LOOK_MEANS = "Another moderator looks at what was withheld"
SHOW_ME = "Show me"
SHARE_HERE = "Share where I asked"
MORE = "More …"
FAVOURITE = "Favourite"
PARAMETERS = "Parameters"
REPORT = "Report"
REPORT_MEANS = "To the moderators"
DELETE = "Delete"
DELETE_ALL = "Delete all"
CHOOSE_HOME = "Choose a server"


def vary(number: int | None) -> str:
    return "Vary" if number is None else f"Vary {number}"


def enlarge(number: int | None) -> str:
    return "Enlarge" if number is None else f"Enlarge {number}"


def delete(number: int) -> str:
    return f"Delete picture {number}"


def picture(number: int) -> str:
    """A label where the picture's words may not be shown."""
    return f"Picture {number}"


TAKE_DOWN = "Take down everywhere"


# --- any message: Discord's "Apps", Slack's "More actions"

START_FROM = "Use as starting image"
SHOW_PARAMETERS = "Show parameters"
REPORT_IMAGE = "Report image"

# --- a request

CHANGE_AND_DRAW = "Change and draw"
DRAW_FROM = "Draw from this picture"
IMAGINE = "Imagine"
DRAW = "Draw"
DRAW_IN_PRIVATE = "Draw it in private"
ADD_ME = "Add me"
# By option name.
FIELDS = {
    "prompt": "What to draw",
    "negative_prompt": "What to keep out",
    "image": "Starting image",
    "num_images": "How many pictures",
    "size": "Size",
    "model": "Model",
    "style": "Style",
    "private": "Private",
    "seed": "Seed",
    "num_inference_steps": "Steps",
    "guidance_scale": "Guidance",
    "strength": "Strength",
    "lora": "LoRA",
    "use_compel": "Weighted words",
}
OPTIONS = "Options"
MORE_OPTIONS = "More options"
OPTIONS_HINT = "As in text: --size 768x512 --seed 7 --model NAME"
OPTIONS_EXAMPLE = "--size 768x512 --steps 30 --images 2"
START_FROM_FIELD = "Start from"
WHERE = "Where"
WHERE_HINT = "The channel of the result; empty is our direct messages."
STARTS_FROM_CHOSEN = "It starts from the picture that you chose."
TOO_LONG_TO_SHOW = (
    "It is too long for this field. Empty keeps it as it is; what you write replaces it."
)
ONE_MOMENT = "One moment …"
CLOSE = "Close"
YOUR_DEFAULTS = "Your defaults"
KEEP = "Keep"
SAVE_AS = "Save as a style"
SAVE_AS_HINT = "Keeps these options as a style of this name, not as your defaults."

# --- commands

HELP_MEANS = "see what I can do, and how"
PRIVACY_MEANS = "see, take along or erase what is kept about you"
DRAW_A_PICTURE = "Draw a picture"
DRAW_EXAMPLE = "a lighthouse at dusk --images 2"
EVERYTHING_ELSE = "Everything else: quota, show, help, settings …"
START_FROM_MEANS = "Draw from a picture in this message"
SHOW_PARAMETERS_MEANS = "Say how a picture was made"
REPORT_IMAGE_MEANS = "Tell the moderators about a picture"
APP_MEANS = "Draws pictures from words"
AGENT_MEANS = (
    "Write what you would like to see, and it is drawn: as words, or with a picture to start"
)
# To begin with, for whoever has never drawn: as messages to the bot.
EXAMPLES = (
    "a lighthouse on a cliff at dusk, waves below",
    "a fox asleep in autumn leaves --ar 3:2",
    "a paper city at night, tiny lights --images 4",
)

# --- what is kept about somebody

EXPORT = "Export"
ERASE = "Erase"
ERASE_EVERYTHING = "Erase everything"
