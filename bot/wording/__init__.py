"""Every sentence that people read, one file a subject. To find one, look here:

answers.py      the answers to commands that draw nothing
budgets.py      what is left, what is used up
cards.py        how far a job is, and what to know about it
commands.py     what the commands of admins and of moderators have alike
corrections.py  what to mend in a request, and which option is meant
failures.py     which sentence stands for which error; the bot's own troubles
help.py         what can be done, and how it is typed
installation.py what the owner reads of tokens, and who installs the bot on Slack
labels.py       words on buttons, in menus, and beside the fields of forms
options.py      help, and notes on options that were given
page.py         the sentences of the web page that aren't in its templates
refusals.py     what isn't there, isn't allowed, or can't be done now
service.py      what the image service did
settings/       what admins choose, what holds then, and what their commands say
parts.py        the parts that sentences are made of

moderation/
  cases.py      a case: its card, how it stands, its buttons
  commands.py   /mod: how its commands are described, and what they answer
  decisions.py  the question before a decision, and the answer after it
  lists.py      what waits, what was decided, what one person did
  notices.py    what the bot tells by itself
  reports.py    a report: its form, and the answer to it

A sentence about a failure says what happened, whether anything was charged, and what to do now.
The words that people read are: server or workspace, bot owner, reserved, in review.
"""

from bot.wording.budgets import allowance, budget_warning, quota_line, window_line
from bot.wording.cards import deed, notes_of, short_model, status
from bot.wording.corrections import explain_problem
from bot.wording.failures import explain
from bot.wording.options import (
    explain_note,
    option_default,
    option_facts,
    option_help,
    option_range,
)
from bot.wording.parts import (
    Code,
    Money,
    Part,
    Person,
    PicturesLeft,
    Sentence,
    Strong,
    Text,
    When,
    Words,
    duration,
    joined,
    lines,
    money,
    pictures,
    pictures_left,
    plain,
    say,
)
from bot.wording.refusals import CONFLICTS, NOT_ALLOWED, NOT_FOUND

__all__ = [
    "CONFLICTS",
    "NOT_ALLOWED",
    "NOT_FOUND",
    "Code",
    "Money",
    "Part",
    "Person",
    "PicturesLeft",
    "Sentence",
    "Strong",
    "Text",
    "When",
    "Words",
    "allowance",
    "budget_warning",
    "deed",
    "duration",
    "explain",
    "explain_note",
    "explain_problem",
    "joined",
    "lines",
    "money",
    "notes_of",
    "option_default",
    "option_facts",
    "option_help",
    "option_range",
    "pictures",
    "pictures_left",
    "plain",
    "quota_line",
    "say",
    "short_model",
    "status",
    "window_line",
]
