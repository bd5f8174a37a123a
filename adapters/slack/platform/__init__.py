"""Slack itself: limits, members, roles, names, the Web API, files, and interactions."""
