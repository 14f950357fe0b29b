"""Good practice: what worked in one place, told to all, and taken up in others."""
