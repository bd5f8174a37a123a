"""Delivers exactly one message a job, also after failures and restarts."""
