"""Mailboxes that we fetch from: by UID and UIDVALIDITY, never by what is marked as read."""
