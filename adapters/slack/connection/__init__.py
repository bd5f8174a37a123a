"""Connects the bot to Slack, by Socket Mode or HTTP, and lets workspaces install the app."""
