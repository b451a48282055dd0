"""The operator's page: is background work on time, what failed, and what to do about it."""
