"""The ways in. Each does one thing first: ``tickets.actions.incoming.keep``; only then it says "accepted"."""
