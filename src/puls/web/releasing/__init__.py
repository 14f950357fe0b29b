"""Releasing: what was sealed and imported, counted, judged and frozen for those who may see it."""
