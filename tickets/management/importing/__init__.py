"""Taking tickets over from a file: read, map, open, keep what does not fit. ``docs/import.md`` tells how to use it."""
