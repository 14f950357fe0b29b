"""Collecting: rounds, how they are asked, their answers, and what comes in from files."""
