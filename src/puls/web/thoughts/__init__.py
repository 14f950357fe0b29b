"""What teams themselves think: their own lines and notes beside what data show."""
