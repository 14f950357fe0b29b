"""The yearly quality report of an owner to its council: drafted, edited, approved, published."""
