"""What is learned from texts: from words to numbers, and from numbers to categories. Values in, values out.

Knows no table, no clock and no network, so it stands beside ``rules``. It is a room of its own because it needs numpy,
which no web process should load: only the worker that judges (numpy) and the one that trains (scikit-learn besides).
"""
