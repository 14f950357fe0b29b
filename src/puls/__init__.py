"""Puls: an analysis and process tool for culture schools, schools and kindergartens."""

__version__ = "0.1.0"
