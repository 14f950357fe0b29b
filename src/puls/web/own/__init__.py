"""What an administration defines itself, in the browser: rubrics in versions, to share."""
