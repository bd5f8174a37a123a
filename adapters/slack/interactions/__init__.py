"""Handles buttons, menus and the home tab."""
