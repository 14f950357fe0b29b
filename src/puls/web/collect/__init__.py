"""Collecting: rounds, how they are asked, their codes and their answers until they are sealed."""
