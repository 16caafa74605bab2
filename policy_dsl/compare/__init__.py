"""Compare: what changed between two policies, in words of the field and by effect."""
