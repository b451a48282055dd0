"""Who is that? By what they are known by."""

from __future__ import annotations

from allauth.account.models import EmailAddress

from accounts.models import Customer, User
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


def of_address(email: str) -> Customer | None:
    """The customer whose address this is: the one on record, or one that their log-in has confirmed."""
    email = normal_email(email.replace("\x00", ""))
    if not email:
        return None
    found = Customer.objects.filter(email=email).first()
    if found is not None:
        return found
    confirmed = EmailAddress.objects.filter(email=email, verified=True)
    return Customer.objects.filter(user__in=confirmed.values("user")).first()


def addresses_of(customer: Customer) -> frozenset[str]:
    """The one on record, and those that their log-in has confirmed."""
    found = {customer.email} if customer.email else set()
    if customer.user_id:
        confirmed = EmailAddress.objects.filter(user=customer.user_id, verified=True)
        found.update(normal_email(email) for email in confirmed.values_list("email", flat=True))
    return frozenset(found)


def people_of(customer: Customer) -> frozenset[int]:
    """The log-ins of whoever the customer is: their own, and any that has one of their addresses. By the unique indexes
    of addresses."""
    addresses = addresses_of(customer)
    confirmed = EmailAddress.objects.filter(email__in=addresses, verified=True)
    found = {customer.user_id} if customer.user_id else set()
    found.update(User.objects.filter(email__in=addresses).order_by().values_list("pk", flat=True))
    found.update(confirmed.order_by().values_list("user", flat=True))
    return frozenset(found)
