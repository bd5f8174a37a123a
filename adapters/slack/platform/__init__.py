"""What Slack is: its limits, members, roles, names, and one call of its own to us."""
