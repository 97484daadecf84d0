"""Who leaves, and why."""
