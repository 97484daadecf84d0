"""Settings of the churn study."""

THRESHOLD = 0.4
