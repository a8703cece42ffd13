"""Schemas of file formats."""
