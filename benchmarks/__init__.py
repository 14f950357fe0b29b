"""What things cost, measured beside what else one would use. Not part of what is installed."""
