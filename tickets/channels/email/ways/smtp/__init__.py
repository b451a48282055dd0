"""A mail server that takes mail for our own mailboxes, by SMTP or LMTP, and for nobody else."""
