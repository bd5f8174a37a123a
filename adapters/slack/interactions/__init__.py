"""A press, a menu, the home tab."""
