"""`limner imagine` and the owner's commands: in this process, or beside a running bot.

A running bot owns the database, so a command beside it is handed over: `control_socket.py` is
where, `server.py` takes the command, `client.py` gives it. Without a running bot the same functions
work on a Studio in this process.
"""
