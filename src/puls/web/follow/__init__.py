"""What is under way at a unit, and the thread from an indicator to its next measurement."""
