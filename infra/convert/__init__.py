"""Converters from public data files to the signal import format."""
