"""The privacy officers' pages: what was asked for, people, legal holds, retention."""
