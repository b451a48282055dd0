"""What a person may ask of us about their data, what keeps it, and what ends it."""
