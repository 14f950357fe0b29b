"""Packs as data: definitions and their loading."""
