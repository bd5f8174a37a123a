"""What a browser sends: who it is, what its forms hold, and what is not let in."""
