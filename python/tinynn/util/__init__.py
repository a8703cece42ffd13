"""Helpers with the names of TinyNN's."""
