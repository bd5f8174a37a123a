"""From a connection to a request: keys, bounded bodies, and clients that hang up."""
