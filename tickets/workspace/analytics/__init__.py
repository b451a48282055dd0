"""The managers' pages: numbers in sentences and charts, the cases behind each, and both as CSV."""
