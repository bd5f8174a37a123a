"""How Slack reaches us, by Socket Mode or HTTP, and how workspaces install the app."""
