"""Handling of buttons, menus and sent forms."""
