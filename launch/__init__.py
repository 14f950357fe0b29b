"""What `./puls` does before Puls can run. Only the standard library: nothing is installed yet."""
