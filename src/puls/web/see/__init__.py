"""The pages that answer "where are we?": read only, and only what was released."""
