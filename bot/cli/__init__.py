"""What the commands of `limner` do, each from start to end.

A command that changes something is handed to the running bot; without one it is done here.
"""
