"""The figures that can stand in a scene."""
