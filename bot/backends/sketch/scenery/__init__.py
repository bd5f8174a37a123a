"""The places that a scene may have, and the weather over them."""
