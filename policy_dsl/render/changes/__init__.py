"""What changed between two policies, told: in text, as a page, and as data."""
