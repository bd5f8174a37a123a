"""What Slack is: limits, members, roles, names, its Web API and files, and one interaction."""
