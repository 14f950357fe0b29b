"""What is one's own: the year wheel, reminders by e-mail, and what one has written."""
