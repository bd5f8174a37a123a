"""What chat platforms share: Discord's and Slack's adapters are built on it."""
