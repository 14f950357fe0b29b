"""What the commands of `puls` do, a file for each kind. Each function takes what was typed."""
