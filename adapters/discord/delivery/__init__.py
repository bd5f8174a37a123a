"""One message a job, whatever breaks on the way."""
