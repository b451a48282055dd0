"""Who is that? By what they are known by."""

from __future__ import annotations

from accounts.models import Customer
from accounts.rules.contact import normal_email, normal_phone


def known_by(*, email: str = "", phone: str = "") -> Customer | None:
    """The customer with this e-mail address, or else this phone; None too for what is neither."""
    email = normal_email(email.replace("\x00", ""))  # PostgreSQL does not even look for NUL
    found = Customer.objects.filter(email=email).first() if email else None
    if found is None and phone.strip():
        try:
            number = normal_phone(phone)
        except ValueError:
            return None
        found = Customer.objects.filter(phone=number).first()
    return found
