"""What Discord's and Slack's adapters share."""
