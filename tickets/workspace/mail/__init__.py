"""Mail: the operator's page, what could not be read, and the agents' box "not a ticket"."""
