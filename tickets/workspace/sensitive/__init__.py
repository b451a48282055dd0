"""Sensitive acts: their lists, each one's page, the forms that ask for one, and the card on a ticket's page."""
