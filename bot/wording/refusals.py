"""Refusals: what isn't there, isn't allowed, or can't be done now."""

from collections.abc import Mapping

from bot import errors
from bot.domain.asker import DISCORD, SLACK
from bot.errors import BotError
from bot.wording.parts import Code, Explained, Sentence, When, counted, say


def _not_found(error: errors.NotFound, _: str) -> Sentence:
    words = NOT_FOUND.get(error.what, "I can't find that{}.")
    return say(words, say(": {}", Code(error.name)) if error.name else "")


NOT_FOUND = {
    "job": "There is no result with this id{}. You find the id under each result.",
    "result_there": "There is no result of mine in this message{}. "
    "Please choose a message with pictures that I drew.",
    "picture": "There is no such picture{}. It may have been deleted.",
    "damaged_picture": "The file of this picture is damaged{}, so I don't show it. "
    "Drawing it again with the same seed may bring it back; "
    "the bot owner may have it in a backup.",
    "model": "I know no model of this name{}. The models command lists those I know.",
    "person": "I know nobody of this name{}. Please check the spelling.",
    "command": "I know no command of this name{}. The help command lists them.",
    "page": "There is no such page{}. The address may be incomplete.",
    "case": "There is no such case here{}. The queue lists those that wait.",
    "community": "I know no server or workspace of this id{}. It has to use the bot first.",
    "strike": "There is no such strike{}. It may have been lifted already.",
    "prompt": "There are no words to show here{}. Refused words are shown to nobody.",
    "channel": "I don't know where this was asked for{}, so I can't share it there. "
    "Please draw it again in a channel.",
    "change": "There is no change that I could take back{}.",
    "preset": "I know no style of this name{}. "
    "Pick one from the list, or save your own with the settings command.",
    "open_job": "Nothing of yours is waiting or being drawn{}, so there is nothing to cancel.",
}


def _not_allowed(error: errors.NotAllowed, platform: str) -> Sentence:
    words = NOT_ALLOWED.get(error.why, "You can't do that here. {}")
    return say(words, f"An admin {_PLACE.get(platform, 'here')} can change that.")


NOT_ALLOWED = {
    "model_not_allowed": "This model isn't offered here. "
    "The models command lists those that are. {}",
    "replacement_costs_more": "The service has replaced this model by one that costs more, and "
    "the bot owner hasn't agreed to that. Please choose another model.",
    "admins_only": "Only admins can do that. Please ask one of them.",
    "moderators_only": "Only moderators can do that. Please ask one of them. {}",
    "own_decision": "This is a second look at your own decision, so another moderator decides.",
    "frozen": "This case is frozen: only the bot owner can open it.",
    "not_revealed": "Refused words are shown to nobody. "
    "The case says how many there were, and when.",
    "not_set_up": "I am not set up here yet. Please ask an admin to run /limner setup. {}",
    "not_claimed": "I don't belong to anybody yet, so I draw for nobody. "
    "Whoever runs me finds a code in the terminal; /limner setup takes it.",
    "private_bot": "This bot is private, so I can't draw for you here. "
    "It works only where its owner lets it.",
    "which_home": "You are a member of several servers that I draw for, and one of them pays for "
    "what you draw in private. Please choose it.",
    "no_home": "I don't know yet which server pays for what you draw in private. "
    "Please draw something on your server first: it is the one from then on.",
    "home_unknown": "Discord can't say just now which servers you are a member of. "
    "Please try again in a minute.",
    "wrong_code": "This is not the code that the terminal shows. Please copy it once more.",
    "too_many_tries": "That was the wrong code too often. "
    "Please try again in an hour, with the code that the bot's terminal shows.",
    "outsiders": "I draw for the members of this workspace, not for guests or people from outside. "
    "{}",
    "other_channel": "I don't draw in this channel. Please try another channel. {}",
}


_PLACE = {DISCORD: "of this server", SLACK: "of this workspace"}


def _blocked(error: errors.Blocked, platform: str) -> Sentence:
    whom = f"A moderator {_PLACE.get(platform, 'here')} can tell you why."
    if error.until is None:
        return say("You are blocked from drawing here. {}", whom)
    return say("You can't draw here until {}. {}", When(error.until), whom)


def _paused(error: errors.Paused, platform: str) -> Sentence:
    if error.everywhere:
        return say("The bot owner has paused drawing everywhere. Please try again later.")
    where = {DISCORD: "on this server", SLACK: "in this workspace"}.get(platform, "here")
    return say("Drawing is paused {} for now. Please try again later.", where)


def _prompt_refused(error: errors.PromptRefused, _: str) -> Sentence:
    """The term that was found is never repeated, so that nobody learns the list from it."""
    if error.hard:
        return say("I don't draw this, here or anywhere. Repeated tries suspend you.")
    return say(
        "I can't draw this: the words are against the rules here. Please describe it differently."
    )


def _not_yours(error: errors.NotYours, _: str) -> Sentence:
    if error.why == "about_you":
        return say("This is about yourself, so another moderator decides. Please ask one of them.")
    return say(
        "This belongs to somebody else, so only they or a moderator can do that. "
        "You can always draw your own."
    )


def _too_new(error: errors.TooNew, _: str) -> Sentence:
    then = say("You can draw from {}.", When(error.open_at)) if error.open_at else ""
    return say(
        "Your account, or your time here, is too young to draw yet. {}",
        then or "Please try again in some days.",
    )


def _too_many_refused(error: errors.TooManyRefused, _: str) -> Sentence:
    then = say("You can try again from {}.", When(error.open_at)) if error.open_at else ""
    return say(
        "I had to refuse you too often just now, so I stopped looking. {}",
        then or "Please try again in some minutes.",
    )


def _cant_post(error: errors.CantPost, platform: str) -> Sentence:
    if platform == SLACK:
        invite = Code(f"/invite {error.missing[0]}") if error.missing else Code("/invite")
        words = CANT_POST.get(error.why, CANT_POST["by_hand"])
        return say(words, *[invite][: words.count("{}")])
    wanted = ", ".join(error.missing) or "to post here"
    return say(
        "I couldn't show the result in this channel. Please ask an admin to allow me: {}.",
        wanted,
    )


# On Slack; buttons offer what they name.
CANT_POST = {
    "invite": "I am not in this channel, so I can't post here. "
    "Add me, or type {} there; or have it drawn in private.",
    "by_hand": "I can't post in this channel. "
    "Somebody in it can type {} there; or have it drawn in private.",
    "archived": "This channel is archived, so nobody can post in it. "
    "Please choose another one, or have it drawn in private.",
    "foreign": "This is a conversation between others, which I can't join. "
    "Please ask in a channel, or have it drawn in private.",
    "restricted": "Only some people may post in this channel, and I am not one of them. "
    "Please choose another one, or have it drawn in private.",
    "direct": "Slack lets me write you no direct messages. "
    "An admin has to allow messages to me in the app's settings, under App Home.",
}


def _too_many_waiting(error: errors.TooManyWaiting, _: str) -> Sentence:
    most = counted(error.limit, "request")
    return say(
        "You already have {} under way, and that is the most at once. "
        "Please wait for one, or cancel one.",
        most,
    )


def _conflict(error: errors.Conflict, _: str) -> Sentence:
    return say(CONFLICTS.get(error.why, CONFLICTS[""]))


CONFLICTS = {
    "": "This has changed in the meantime, so I left it as it is. Please look at it again.",
    "open": "This is still being drawn. Please cancel it, or wait until it is done.",
    "replay": "The same message arrived twice with different words, and the first one counts. "
    "The second was not charged. Please send it once more.",
    "largest": "This picture is as large as I can draw. The Files button gives you the original.",
    "decided": "Another moderator has decided this already. "
    "The case says how; its requester may ask for a second look.",
    "claimed": "Another moderator is looking at this just now. "
    "Please take the next one, or come back in ten minutes.",
    "too_late": "This has taken effect, so it can't be taken back any more. "
    "A second look can still change it.",
    "second_look": "There can be no second look at this, or there was one already.",
    "in_review": "A moderator is looking at this, so it stays as it is until they have decided. "
    "Please try again then.",
    "nothing_to_blur": "There is no picture in this case to blur. Please choose something else.",
    "too_many_reports": "So many reports came from outside today that I take no more. "
    "Please write to whoever runs this bot.",
    "form": "I don't know this form any more, so I did nothing. Please open it once more.",
    "command": "This command has changed, so I did nothing. Please type it anew.",
    "rules": "Somebody else has changed the rules meanwhile, so I left them as they are. "
    "Please reload this page, and choose again.",
    "open_jobs": "Some pictures of this person are still being drawn, so nothing was erased. "
    "Please try again when they are done.",
    **dict.fromkeys(
        ("produced", "failed", "cancelled", "lost", "refunded"),
        "This is over already, so there is nothing left to stop. "
        "Nothing more was charged. The result shows how it ended.",
    ),
}


REFUSALS: Mapping[type[BotError], Explained] = {
    errors.NotFound: _not_found,
    errors.NotAllowed: _not_allowed,
    errors.Blocked: _blocked,
    errors.Paused: _paused,
    errors.PromptRefused: _prompt_refused,
    errors.NotYours: _not_yours,
    errors.CantPost: _cant_post,
    errors.SignInNeeded: "Please sign in first. "
    "The bot owner finds the link in the terminal that runs the bot.",
    errors.TooNew: _too_new,
    errors.TooManyRefused: _too_many_refused,
    errors.TooManyWaiting: _too_many_waiting,
    errors.QueueFull: "Too many pictures are waiting already, so I took no more. "
    "Please try again in a few minutes.",
    errors.Busy: "Too many people ask at once, so I didn't begin with this. "
    "Please try again in a minute.",
    errors.Conflict: _conflict,
}
