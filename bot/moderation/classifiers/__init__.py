"""Who looks at pictures besides the service that draws: models on this machine, another service."""
