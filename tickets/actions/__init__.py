"""The verbs. One verb, one function: lock the row, ask the rule, write, announce. Nothing else changes a ticket."""
