"""What the API tells: every field is named here, nothing follows from a model by itself."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from accounts.models import User
from tickets.api.loading import is_customer
from tickets.choices import (
    ActorKind,
    Channel,
    EventKind,
    FileState,
    Markup,
    Nature,
    Priority,
    Proof,
    Status,
    TimerKind,
    TimerState,
    Visibility,
)
from tickets.models import Attachment, Event, MailCopy, Message, Ticket
from tickets.queries.mails import has_html
from tickets.queries.removed_secrets import kinds_at_opening, kinds_in
from tickets.rules import numbers
from tickets.rules.secrets import Kind

KINDS = serializers.ListField(child=serializers.ChoiceField([(kind.value, kind.label) for kind in Kind]))
PRIORITIES = [(priority.slug, priority.label) for priority in Priority]


@extend_schema_field(serializers.ChoiceField(PRIORITIES))
class PriorityField(serializers.Field[Any, str, str, Any]):
    """``high`` outside, 30 inside."""

    def to_representation(self, value: int) -> str:
        return Priority(value).slug

    def to_internal_value(self, data: Any) -> Any:
        try:
            return Priority.from_slug(str(data))
        except KeyError:
            known = ", ".join(slug for slug, _label in PRIORITIES)
            raise serializers.ValidationError(_("One of: %(known)s.") % {"known": known}) from None


class PersonOutput(serializers.Serializer[Any]):
    name = serializers.CharField(source="display_name")
    email = serializers.EmailField()


class CustomerOutput(serializers.Serializer[Any]):
    name = serializers.CharField()
    email = serializers.EmailField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)


class CustomerTicket(serializers.Serializer[Any]):
    """A ticket as its customer sees it."""

    number = serializers.CharField(
        source="display_number", help_text="As people write it; the address takes it too."
    )
    url = serializers.SerializerMethodField()
    brand = serializers.SlugField(source="brand.slug")
    category = serializers.SlugField(source="category.slug", allow_null=True, default=None)
    subject = serializers.CharField()
    answers = serializers.JSONField(source="fields", help_text="Answers to the category's questions, by key.")
    status = serializers.ChoiceField(Status.choices)
    language = serializers.CharField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    solved_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField(help_text="Counts every change; for If-Match.")

    def get_url(self, ticket: Ticket) -> str:
        return settings.PUBLIC_URL + reverse("api_ticket", args=[ticket.display_number])


class StaffTicket(CustomerTicket):
    """A ticket as staff see it."""

    channel = serializers.ChoiceField(Channel.choices)
    priority = PriorityField()
    team = serializers.SlugField(source="team.slug", allow_null=True, default=None)
    assignee = PersonOutput(allow_null=True)
    customer = CustomerOutput()
    tags = serializers.ListField(child=serializers.CharField())
    first_response_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True, help_text="The nearest promise that is running.")
    is_breached = serializers.BooleanField()
    is_complaint = serializers.BooleanField()
    merged_into = serializers.SerializerMethodField(help_text="Number of the ticket that goes on instead.")
    reopen_count = serializers.IntegerField()
    follow_up_of = serializers.SerializerMethodField()

    def get_merged_into(self, ticket: Ticket) -> str | None:
        return numbers.display(ticket.merged_into.number) if ticket.merged_into else None

    def get_follow_up_of(self, ticket: Ticket) -> str | None:
        return numbers.display(ticket.follow_up_of.number) if ticket.follow_up_of else None


class AttachmentOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField(help_text="In bytes.")
    sha256 = serializers.CharField()
    state = serializers.ChoiceField(
        FileState.choices,
        help_text="Only what is ready can be downloaded: other files answer 409 `file_held_back`.",
    )
    url = serializers.SerializerMethodField(help_text="Download it here, with the same token.")

    def get_url(self, attachment: Attachment) -> str:
        number = numbers.display(self.context["number"])
        return settings.PUBLIC_URL + reverse("api_attachment", args=[number, attachment.pk])


class AuthorOutput(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(ActorKind.choices)
    name = serializers.CharField(allow_blank=True)


class MessageOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    visibility = serializers.ChoiceField(Visibility.choices)
    author = serializers.SerializerMethodField()
    channel = serializers.ChoiceField(Channel.choices)
    body = serializers.CharField(
        source="harmless", help_text="A customer's own addresses are defanged: hxxps://a[.]com."
    )
    markup = serializers.ChoiceField(Markup.choices, help_text="How the text is to be read.")
    created_at = serializers.DateTimeField()
    attachments = AttachmentOutput(many=True)

    @extend_schema_field(AuthorOutput)
    def get_author(self, message: Message) -> dict[str, str]:
        return {"kind": message.author_kind, "name": message.author_name}


class MailAddressOutput(serializers.Serializer[Any]):
    name = serializers.CharField(allow_blank=True)
    address = serializers.CharField(allow_blank=True)


class MailSenderOutput(serializers.Serializer[Any]):
    name = serializers.CharField(source="from_name", allow_blank=True)
    address = serializers.CharField(source="from_address", allow_blank=True)


class MailOutput(serializers.Serializer[Any]):
    """The mail that a message came by."""

    to = MailAddressOutput(many=True)
    cc = MailAddressOutput(many=True)
    subject = serializers.CharField(allow_blank=True)
    sent_at = serializers.DateTimeField(allow_null=True, help_text="As the mail says.")
    proof = serializers.ChoiceField(Proof.choices, help_text="Whether its sender is who it names.")
    by_stranger = serializers.BooleanField(help_text="From an address that is not part of the case.")
    has_html = serializers.SerializerMethodField()

    def get_has_html(self, mail: MailCopy) -> bool:
        return has_html(mail.message)

    def get_fields(self) -> dict[str, Any]:
        return {"from": MailSenderOutput(source="*"), **super().get_fields()}


class StaffMessageOutput(MessageOutput):
    nature = serializers.ChoiceField(
        Nature.choices, help_text="Whether a customer's message asks for an answer. Staff only."
    )
    held_until = serializers.DateTimeField(
        allow_null=True, help_text="A reply waits until then, and may be taken back. Staff only."
    )
    taken_back_at = serializers.DateTimeField(
        allow_null=True, help_text="Taken back before it left: nobody got it. Staff only."
    )
    mail = MailOutput(
        source="mail_copy",
        default=None,
        allow_null=True,
        help_text="The mail it came by; null for other channels. Staff only.",
    )


def messages_for(user: User) -> type[MessageOutput]:
    """Customers are not told what their words were taken for, nor from whom a mail came."""
    return MessageOutput if is_customer(user) else StaffMessageOutput


class WrittenMessage(MessageOutput):
    ticket = serializers.SerializerMethodField(
        help_text="Number of the ticket that the message is on: another one where an old case got a follow-up."
    )

    removed = serializers.SerializerMethodField(
        help_text="Kinds of secrets that were taken out of it before it was stored; empty where there were none."
    )

    def get_ticket(self, message: Message) -> str:
        return message.ticket.display_number

    @extend_schema_field(KINDS)
    def get_removed(self, message: Message) -> list[str]:
        return [kind.value for kind in kinds_in(message)]


class FiledCustomerTicket(CustomerTicket):
    removed = serializers.SerializerMethodField(
        help_text="Kinds of secrets that were taken out of it before it was stored; empty where there were none."
    )

    @extend_schema_field(KINDS)
    def get_removed(self, ticket: Ticket) -> list[str]:
        return [kind.value for kind in kinds_at_opening(ticket)]


class FiledStaffTicket(StaffTicket):
    removed = serializers.SerializerMethodField(
        help_text="Kinds of secrets that were taken out of it before it was stored; empty where there were none."
    )

    @extend_schema_field(KINDS)
    def get_removed(self, ticket: Ticket) -> list[str]:
        return [kind.value for kind in kinds_at_opening(ticket)]


class TimerOutput(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(TimerKind.choices)
    policy = serializers.CharField(source="policy.name")
    is_statutory = serializers.BooleanField(help_text="Set by law: it never stands still.")
    state = serializers.ChoiceField(TimerState.choices)
    target_seconds = serializers.IntegerField(help_text="Working seconds promised.")
    used_seconds = serializers.IntegerField(help_text="Working seconds used before the present run.")
    due_at = serializers.DateTimeField(allow_null=True)
    done_at = serializers.DateTimeField(allow_null=True)
    breached_at = serializers.DateTimeField(allow_null=True)


class EventOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(EventKind.choices)
    at = serializers.DateTimeField()
    by = serializers.SerializerMethodField()
    data = serializers.JSONField(  # type: ignore[assignment]
        help_text="What changed; docs/events.md describes it for each kind."
    )

    @extend_schema_field(AuthorOutput)
    def get_by(self, event: Event) -> dict[str, str]:
        return {"kind": event.actor_kind, "name": event.actor_name}


class CustomerTicketDetail(CustomerTicket):
    messages = MessageOutput(many=True, help_text="Oldest first; of long conversations the newest 100.")


class StaffTicketDetail(StaffTicket):
    messages = StaffMessageOutput(many=True, help_text="Oldest first; of long conversations the newest 100.")
    timers = TimerOutput(many=True)


def either(
    name: str, staff: type[Any], customer: type[Any], many: bool | None = False
) -> PolymorphicProxySerializer:
    """For the description: staff get the first shape, customers the second."""
    return PolymorphicProxySerializer(
        component_name=name, serializers=[staff, customer], resource_type_field_name=None, many=many
    )
