"""A press, a menu, a form that comes back."""
