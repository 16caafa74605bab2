"""The drawings of an instrument: scales as charts, procedures as flows, and what depends on what."""
