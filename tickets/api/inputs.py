"""What the API takes. Serializers check the form; whether it may be so, the verbs say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from tickets.api.shapes import PriorityField
from tickets.choices import Channel, Markup, Nature, Status, Visibility
from tickets.rules.intake import MAX_BODY, MAX_SUBJECT

#: A mail's worth of room above what a person may write, so that the verb and not the parser explains the limit.
ROOM = 2 * MAX_BODY


#: How a customer may have come to whoever files it; forms and imports have doors of their own.
WAYS_IN = [
    (channel.value, channel.label)
    for channel in (Channel.API, Channel.PHONE, Channel.CHAT, Channel.SOCIAL, Channel.EMAIL)
]


class CustomerInput(serializers.Serializer[Any]):
    email = serializers.EmailField(required=False, default="", allow_blank=True)
    phone = serializers.CharField(required=False, default="", allow_blank=True, max_length=40)
    name = serializers.CharField(required=False, default="", allow_blank=True, max_length=80)


class Files(serializers.ListField):
    """Files of a multipart request."""

    child = serializers.FileField(max_length=500, allow_empty_file=True, use_url=False)


@extend_schema_field({"type": "object", "additionalProperties": {}})
class Answers(serializers.JSONField):
    """An object; in a multipart request its JSON as text."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        found = super().to_internal_value(data)
        if not isinstance(found, dict):
            raise serializers.ValidationError(_("Give an object: key to answer."))
        return found


class NewTicketInput(serializers.Serializer[Any]):
    brand = serializers.SlugField(help_text="Short name of the brand.")
    category = serializers.SlugField(required=False, default=None, allow_null=True)
    subject = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=MAX_SUBJECT,
        help_text="Taken from the body if empty.",
    )
    body = serializers.CharField(max_length=ROOM, help_text="Plain text.")
    answers = Answers(required=False, help_text="To the category's questions, by key; see /categories/.")
    language = serializers.ChoiceField(
        settings.LANGUAGES, required=False, help_text="The customer's, unless told."
    )
    customer = CustomerInput(
        required=False, help_text="Staff only, and needed there: for whom. E-mail or phone."
    )
    priority = PriorityField(required=False, help_text="Staff only; the category's, unless told.")
    tags = serializers.ListField(child=serializers.CharField(), required=False, help_text="Staff only.")
    channel = serializers.ChoiceField(
        WAYS_IN,
        default=Channel.API.value,
        help_text="How the customer came; staff only.",
    )
    attachments = Files(required=False, help_text="In multipart/form-data only.")


class MessageInput(serializers.Serializer[Any]):
    body = serializers.CharField(max_length=ROOM)
    markup = serializers.ChoiceField(
        Markup.choices,
        required=False,
        help_text="Staff only: markdown for a text with **bold**, *italic*, lists, > quotes, [links](https://…) and "
        "`code`; plain by default.",
    )
    visibility = serializers.ChoiceField(
        Visibility.choices,
        default=Visibility.PUBLIC.value,
        help_text="internal: a note that the customer never sees.",
    )
    then = serializers.ChoiceField(
        Status.choices, required=False, help_text="Staff only: the status to set with a public reply."
    )
    seen = serializers.IntegerField(
        required=False,
        min_value=0,
        help_text="Staff only: id of the newest message you have seen. Where a newer public one is there, nothing is "
        "sent and the answer is 409 newer_messages.",
    )
    confirmed = serializers.ListField(
        child=serializers.CharField(max_length=64),
        required=False,
        max_length=50,
        help_text="Staff only: of the reasons of a 409 held_back, each `confirmation` that is meant. It "
        "holds for this very body.",
    )
    attachments = Files(required=False, help_text="In multipart/form-data only.")


class ChangeInput(serializers.Serializer[Any]):
    """What is not named stays as it is."""

    status = serializers.ChoiceField(Status.choices, required=False)
    priority = PriorityField(required=False)
    category = serializers.SlugField(required=False)
    team = serializers.SlugField(required=False)
    assignee = serializers.CharField(
        required=False,
        allow_null=True,
        help_text='E-mail address of a member of staff, "me", or null for nobody.',
    )
    tags = serializers.ListField(child=serializers.CharField(), required=False)
    complaint = serializers.BooleanField(required=False, help_text="Whether the case is a complaint.")
    version = serializers.IntegerField(
        required=False, min_value=1, help_text="The version you saw: 409 when it has changed since."
    )

    def to_internal_value(self, data: Any) -> Any:
        """A word that is ignored would look like a change that was made."""
        unknown = set(data) - set(self.fields) if isinstance(data, Mapping) else set()
        if unknown:
            raise serializers.ValidationError(
                {name: [_("This cannot be changed.")] for name in sorted(unknown)}
            )
        return super().to_internal_value(data)


class NatureInput(serializers.Serializer[Any]):
    nature = serializers.ChoiceField(Nature.choices)


class TicketQuery(serializers.Serializer[Any]):
    """Filters of the list. A name may be given several times: any of them. Different names: all of them."""

    status = serializers.ListField(child=serializers.ChoiceField(Status.choices), required=False)
    brand = serializers.ListField(child=serializers.SlugField(), required=False)
    category = serializers.ListField(
        child=serializers.SlugField(), required=False, help_text="With those below it."
    )
    created_from = serializers.DateTimeField(required=False)
    created_before = serializers.DateTimeField(required=False)
    updated_since = serializers.DateTimeField(required=False)
    q = serializers.CharField(
        required=False, max_length=200, help_text="A number, or words. Customers: in their subjects only."
    )
    priority = serializers.ListField(child=PriorityField(), required=False, help_text="Staff only.")
    team = serializers.ListField(child=serializers.SlugField(), required=False, help_text="Staff only.")
    assignee = serializers.CharField(
        required=False, help_text='Staff only: an e-mail address, "me" or "none".'
    )
    channel = serializers.ListField(
        child=serializers.ChoiceField(Channel.choices), required=False, help_text="Staff only."
    )
    tag = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Staff only: all of them."
    )
    ordering = serializers.ChoiceField(
        ["-created_at", "created_at", "-updated_at", "updated_at"], default="-created_at"
    )
    page_size = serializers.IntegerField(default=50, min_value=1, max_value=200)
    cursor = serializers.CharField(
        required=False, default="", max_length=300, help_text="From `next` of the page before."
    )


class PageQuery(serializers.Serializer[Any]):
    page_size = serializers.IntegerField(default=50, min_value=1, max_value=200)
    cursor = serializers.CharField(
        required=False, default="", max_length=300, help_text="From `next` of the page before."
    )
