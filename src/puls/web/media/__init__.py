"""What people write with: texts in Markdown, pictures and other files of a unit."""
