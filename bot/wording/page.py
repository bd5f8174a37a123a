"""The web page's sentences that aren't in adapters/web/templates/."""

from bot.domain.community_settings import Sharing
from bot.domain.job import Action

TITLES = {
    400: "That didn't work",
    401: "Signed out",
    403: "Not allowed",
    404: "Not found",
    405: "Not found",
    408: "Too slow",
    413: "Too large",
    421: "Wrong address",
    429: "Too many at once",
    500: "Something broke",
    503: "Not now",
}
# For errors that have no sentence of their own, by status.
TEXTS = {
    400: "This address is incomplete or has a mistake in it.",
    401: "Your sign-in has ended. Sign in again, then repeat what you did.",
    404: "There is nothing at this address. It may have been deleted.",
    405: "There is nothing at this address.",
    408: "What you sent took too long to arrive. Try again.",
    413: "That is too large. A starting image may have 10 MiB at most.",
    500: "A fault of mine; it is in the log. Nothing was charged for what wasn't drawn.",
}
WRONG_HOST = (
    "This page answers only to its own name. Open the address that Limner printed in the terminal, "
    "or set PUBLIC_URL to the name you use."
)
BEHIND_A_PROXY = (
    "A proxy passed this request on, and this page is open to its own machine only. Set PUBLIC_URL "
    "to the proxy's address; then the page asks for a sign-in."
)
OUT_OF_DATE = "This page is out of date. Reload it and try again."
INCOMPLETE_FORM = "This form is incomplete. Reload the page and try again."
TOO_LONG = "That text is too long."
# Signing in.
TOO_MANY_ATTEMPTS = "Too many attempts. Wait a minute and open your link again."
SIGN_IN_IS_SPENT = (
    "This address was used before, is older than 15 minutes, or isn't whole. Get a new one:"
)
_FOR_A_LINK = (
    "Ask the bot for a {} link with /mod review on your server, or /limner mod review in your "
    "workspace; a link works once, within 15 minutes."
)
LINK_IS_SPENT = "This link doesn't work any more. " + _FOR_A_LINK.format("new")
ASK_FOR_A_LINK = "This page is for moderators. " + _FOR_A_LINK.format("personal")
ROLE_UNKNOWN = (
    "Your server or workspace can't say at the moment whether you moderate there. "
    "Try again in a minute; you stay signed in."
)
# A result's page.
TOO_MANY_REPORTS = (
    "Several reports came from your address within the hour. The moderators have them; "
    "come back later for more, or write to whoever runs this bot."
)
NO_MORE_REPORTS = (
    "So many reports came today that no more are taken here. Please write to whoever runs this bot."
)
SHARING = {
    "private": "This result is private: on this page nobody but you can see it.",
    Sharing.LINK: "Anybody who has this link can see it, without an account:",
    Sharing.MEMBERS: "Nobody but you can see it here. Members see it where it was posted.",
}
# The rules of a community.
KEPT = "Kept. This holds from the next picture on."
NOTHING_CHANGED = "Nothing was different, so nothing was changed."
UNDONE = {
    "settings": "Taken back: the rules are as before.",
    "block": "The last thing done here was a block. It is lifted; the rules are as they were.",
}
# For a first visit: what to type, and what it draws.
EXAMPLES = (
    ("/imagine a lighthouse at dusk --size 768x512 --n 2", "two wide pictures"),
    ("/imagine a fox in fresh snow, ink drawing --no people --seed 7", "the same every time"),
    ("/imagine an orchard of glass trees --ar 2:3 --steps 40", "a tall one, with more care"),
)
# Above the prompt of a job that came from another.
LEADS = {
    Action.IMAGINE: "",
    Action.AGAIN: "Again, like",
    Action.VARY: "A variation of",
    Action.EDIT: "Edited from",
}
