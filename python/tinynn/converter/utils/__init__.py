"""Helpers of the converter."""
