"""The settings: the environment, read once and checked; secrets are masked, also in the log."""
