"""Finding and keeping the people who have cases."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions import contact_changes
from accounts.choices import ContactWay, Tier
from accounts.models import Customer, User
from accounts.rules.contact import normal_email, normal_phone
from helpdesk.lib import clock
from helpdesk.lib.errors import Invalid
from helpdesk.lib.guarding import guarded
from helpdesk.lib.rows import one_or_none

MAX_EMAIL = 254  # by RFC 5321, and in the table


def find_or_create(
    *,
    email: str = "",
    phone: str = "",
    name: str = "",
    language: str,
    region: str = "CN",
    by: User | None = None,
) -> Customer:
    """The customer with this e-mail address or else this phone; a new one where there is none.

    What is known already is not overwritten: anybody can type somebody else's address into a form. ``by`` is the
    member of staff who typed it, where one did.

    Raises Invalid when neither is given or one is malformed.
    """
    email, phone = checked_contact(email=email, phone=phone, region=region)
    # Writing first and looking afterwards: for somebody new, one statement; and nobody can come in between.
    created = Customer(email=email, phone=phone, name=guarded(name)[:80], language=language)
    if _insert(created) if by is None else _insert_typed(created, by):
        return created
    found = _find(email, phone)
    if found is None:
        raise RuntimeError("The customer's address is taken, by nobody.")
    return found


def _insert(customer: Customer) -> bool:
    """Write the row unless its address or phone is taken. One statement, where a refused INSERT would need a savepoint
    around it each time."""
    customer.created_at = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_customer (name, email, phone, language, created_at) VALUES (%s, %s, %s, %s, %s) "
            "ON CONFLICT DO NOTHING RETURNING id",
            [customer.name, customer.email, customer.phone, customer.language, customer.created_at],
        )
        row = cursor.fetchone()
    if row is None:
        return False
    customer.pk, customer._state.adding, customer._state.db = row[0], False, connection.alias
    return True


@transaction.atomic
def _insert_typed(customer: Customer, by: User) -> bool:
    """The same, with a word on who typed it: somebody made up by staff is not vouched for by that same person."""
    is_new = _insert(customer)
    if is_new:
        typed = tuple(name for name in ("email", "phone") if getattr(customer, name))
        contact_changes.record(customer, way=ContactWay.STAFF, what=typed, by=by)
    return is_new


def _find(email: str, phone: str) -> Customer | None:
    found = one_or_none(Customer.objects.filter(email=email)) if email else None
    if found is None and phone:
        found = one_or_none(Customer.objects.filter(phone=phone))
    return found


def checked_contact(*, email: str, phone: str, region: str = "CN") -> tuple[str, str]:
    """Both in one spelling. Raises Invalid with all that is wrong, also where neither is given."""
    problems: dict[str, Any] = {}
    try:
        email = checked_email(email)
    except Invalid as problem:
        problems |= problem.fields
    try:
        phone = _checked_phone(phone, region)
    except Invalid as problem:
        problems |= problem.fields
    if not problems and not email and not phone:
        problems["email"] = _("Enter your e-mail address, so that we can answer you.")
    if problems:
        raise Invalid(problems)
    return email, phone


def checked_email(email: str) -> str:
    """In one spelling. Raises Invalid, also where it holds a secret: in small letters nobody would know it any more."""
    if guarded(email) != email:
        raise Invalid({"email": _("This address holds what must not be stored here. Use another one.")})
    email = normal_email(email)
    if email:
        try:
            validate_email(email)
            if len(email) > MAX_EMAIL:
                raise ValidationError("too long")
        except ValidationError as problem:
            raise Invalid({"email": _("Enter an e-mail address in the form name@example.com.")}) from problem
    return email


def _checked_phone(phone: str, region: str) -> str:
    try:
        return normal_phone(phone, region)
    except ValueError as problem:
        raise Invalid(
            {"phone": _("Enter a phone number with its country code, such as +86 138 0013 8000.")}
        ) from problem


@transaction.atomic
def of_user(user: User) -> Customer:
    """The customer behind a log-in whose e-mail address is confirmed; cases filed as a guest become theirs."""
    customer = Customer.objects.filter(user=user).first()
    if customer is not None:
        return customer
    customer = find_or_create(email=user.email, name=user.name, language=user.language)
    if customer.user is not None:
        # Somebody else's history under an address that is no longer theirs: it stays with them, the address goes.
        _give_up_address(customer)
        customer = find_or_create(email=user.email, name=user.name, language=user.language)
    customer.user = user
    customer.name = customer.name or user.name
    customer.save(update_fields=["user", "name"])
    return customer


def _give_up_address(customer: Customer) -> None:
    present = normal_email(customer.user.email) if customer.user else ""
    taken = Customer.objects.filter(email=present).exists()
    customer.email = "" if taken else present
    customer.save(update_fields=["email"])
    contact_changes.record(customer, way=ContactWay.MOVED, what=("email",))


@transaction.atomic
def follow_email(user: User, email: str) -> None:
    """The person's confirmed address changed: mail about their cases goes there from now on.

    Where another customer already has that address, both stay as they are: joining two histories is a decision of
    people, not of a changed address.
    """
    customer = Customer.objects.select_for_update().filter(user=user).first()
    email = normal_email(email)
    if customer is None or Customer.objects.filter(email=email).exclude(pk=customer.pk).exists():
        return
    if customer.email == email:
        return
    customer.email = email
    customer.save(update_fields=["email"])
    contact_changes.record(customer, way=ContactWay.CUSTOMER, what=("email",))


@transaction.atomic
def set_tier(customer: Customer, *, tier: Tier) -> bool:
    """Say how much the customer means to the company; whether that is news.

    Who may, and what it does to the promises given, ``tickets.actions.tiers`` says.
    """
    row = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    is_news = row.tier != tier
    row.tier = customer.tier = tier
    row.save(update_fields=["tier"])
    return is_news
