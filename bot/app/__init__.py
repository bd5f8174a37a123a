"""The composition root: it builds, starts, listens and stops; nobody else imports it but `cli/`."""
