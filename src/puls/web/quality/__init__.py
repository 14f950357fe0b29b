"""What a school says of its own quality: descriptions beside figures, and placements on rubrics."""
