"""Limner on Discord, with discord.py.

What people do, and what comes of it:
    commands.py message_menu.py    what members type, and the menu on a message
    suggestions.py                 while they type
    buttons.py                     under a result
    modals.py submits.py           the forms, and what happens when one is sent
    drawing.py acks.py             pre-flight, acknowledgement, job; who is acknowledged first
    answers.py privacy_buttons.py  what draws nothing
    admin.py settings_changes.py   /limner, and what was typed there as changes
    mod.py case_buttons.py         /mod, and the buttons of a case
    replies.py custom_ids.py       one answer or one refusal; what a press carries

What people see; pure:
    render.py                      the card of a job
    settings_card.py case_card.py queue_card.py
    markup.py                      words as markdown, escaped
    signatures.py translation.py   the commands as they are registered, in five languages

Where it goes:
    surface.py delivery.py         a job's message; exactly one with the pictures
    address.py reply.py once.py    where a card is; its token; what is said once
    moderators.py roles.py         the moderators' channel; who is one
    limits.py                      Discord's limits and codes, by its own names

And `app.py` connects all of it; `context.py` says who is asking.
"""
