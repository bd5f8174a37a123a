"""Delivery: one message for each job, also across failures and restarts."""
