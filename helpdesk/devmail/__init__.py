"""The development inbox: what mail would have left, kept as files and shown at /dev/mail/."""
