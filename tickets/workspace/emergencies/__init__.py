"""Emergencies: what waits, the alarm on every page, who is on call, and the card beside a case."""
