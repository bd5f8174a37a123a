"""The words of a prompt, read into a scene."""
