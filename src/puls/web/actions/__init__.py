"""What is decided and done: decisions, actions with their progress, and what they should move."""
