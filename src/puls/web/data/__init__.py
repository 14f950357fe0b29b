"""Data for others: a read API with keys, open files of what is public, and pages to embed."""
