"""How the API is told of sensitive acts, and tells of them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.choices import VerificationLevel
from tickets.actions.wallet_rows import content_of
from tickets.choices import ActKind, ActorKind, ActReason, ActState
from tickets.models import SensitiveAct
from tickets.queries.act_lists import Which
from tickets.queries.proof import level_on
from tickets.queries.wallet import policy_of, voucher_of
from tickets.queries.wallet_holder import tie_of
from tickets.queries.wallet_sums import others_of
from tickets.rules.wallet_content import written_amount
from tickets.rules.wallet_holder import Tie
from tickets.rules.wallet_words import masked

LEVELS = [(level.name.lower(), level.label) for level in VerificationLevel]


class AmountInput(serializers.Serializer[Any]):
    amount = serializers.CharField(max_length=40, help_text="In digits, such as 120.50.")
    currency = serializers.CharField(max_length=8)


class ContentInput(serializers.Serializer[Any]):
    account = serializers.CharField(max_length=64, help_text="As the wallet names it.")
    reason_code = serializers.ChoiceField(ActReason.choices)
    reason = serializers.CharField(
        max_length=1000,
        required=False,
        allow_blank=True,
        help_text="In words; for some reasons it must be said.",
    )
    amount = AmountInput(required=False, help_text="Of refund and raise_limit.")
    details = serializers.DictField(
        child=serializers.CharField(max_length=200),
        required=False,
        help_text="`transaction` of refund; `last4` of unbind_phone and unbind_card; `factor` (app, sms, passkey, all) "
        "of reset_second_factor; `limit` (per_payment, daily, monthly) of raise_limit; `result` (accept, ask_again) of "
        "override_kyc.",
    )


class ActInput(ContentInput):
    kind = serializers.ChoiceField(ActKind.choices)


class EditInput(ContentInput):
    content_hash = serializers.RegexField(
        r"^[0-9a-f]{64}$", help_text="The fingerprint of what you saw: 409 where it is another by now."
    )


class ApprovalInput(serializers.Serializer[Any]):
    content_hash = serializers.RegexField(
        r"^[0-9a-f]{64}$", help_text="The fingerprint of exactly what you approve."
    )


class RefusalInput(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=500)


class ActQuery(serializers.Serializer[Any]):
    which = serializers.ChoiceField([which.value for which in Which], default=Which.ALL.value)
    state = serializers.ChoiceField(ActState.choices, required=False)
    kind = serializers.ChoiceField(ActKind.choices, required=False)
    account = serializers.CharField(max_length=64, required=False, help_text="The whole account.")
    page_size = serializers.IntegerField(default=50, min_value=1, max_value=200)
    cursor = serializers.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, help_text="From `next` of the page before."
    )


class ActApprovalOutput(serializers.Serializer[Any]):
    by = serializers.CharField(source="approver.display_name")
    at = serializers.DateTimeField()
    content_hash = serializers.CharField()


class ActRequesterOutput(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(ActorKind.choices)
    name = serializers.CharField(allow_blank=True)


class KnownOutput(serializers.Serializer[Any]):
    level = serializers.ChoiceField(LEVELS)
    method = serializers.CharField(help_text="In which way; empty where nothing is proved.")
    by = serializers.CharField(
        allow_null=True,
        help_text="On whose word: they may not approve. Null where a code proved it, and where nothing is proved.",
    )
    at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)
    by_requester = serializers.BooleanField(
        help_text="Whoever asked for the act is the one on whose word it rests: look twice."
    )


class TogetherOutput(serializers.Serializer[Any]):
    amount = serializers.CharField(help_text="In the currency of the act; it decides how many must approve.")
    count = serializers.IntegerField(help_text="How many refunds, this one too.")


class ActOutput(serializers.Serializer[Any]):
    key = serializers.UUIDField()
    ticket = serializers.CharField(source="ticket.display_number")
    brand = serializers.SlugField(source="brand.slug")
    kind = serializers.ChoiceField(ActKind.choices)
    account = serializers.SerializerMethodField(help_text="Masked in lists; whole where one act is read.")
    amount = serializers.SerializerMethodField()
    currency = serializers.CharField(allow_blank=True)
    details = serializers.DictField(child=serializers.CharField())
    reason_code = serializers.ChoiceField(ActReason.choices)
    reason = serializers.CharField(allow_blank=True)
    content_hash = serializers.CharField(help_text="What an approval is bound to.")
    state = serializers.ChoiceField(ActState.choices)
    needed_level = serializers.SerializerMethodField(help_text="How surely the customer must be known.")
    needed_approvals = serializers.IntegerField()
    approvals = ActApprovalOutput(
        many=True, help_text="Also of what it was before an edit: see their fingerprint."
    )
    requested_by = serializers.SerializerMethodField()
    requested_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    ending = serializers.CharField(
        allow_blank=True, help_text="Why it was refused or ran out; a code of the wallet's where it refused."
    )
    reference = serializers.SerializerMethodField(help_text="The wallet's, once it has answered.")

    def get_account(self, act: SensitiveAct) -> str:
        return masked(act.account)

    def get_amount(self, act: SensitiveAct) -> str | None:
        return written_amount(act.amount)

    @extend_schema_field(serializers.ChoiceField(LEVELS))
    def get_needed_level(self, act: SensitiveAct) -> str:
        return VerificationLevel(act.needed_level).name.lower()

    @extend_schema_field(ActRequesterOutput)
    def get_requested_by(self, act: SensitiveAct) -> dict[str, str]:
        return {"kind": act.requester_kind, "name": act.requester_name}

    def get_reference(self, act: SensitiveAct) -> str:
        command = getattr(act, "command", None)
        return str((command.answer or {}).get("reference", "")) if command is not None else ""


class ActDetail(ActOutput):
    """One act, with what an approver must have seen."""

    account = serializers.CharField()  # type: ignore[assignment]
    customer_known = serializers.SerializerMethodField(
        help_text="How surely the customer is known now, in which way, by whom and since when."
    )

    account_tie = serializers.SerializerMethodField(
        help_text="What ties the account to the customer: `own` contact data on record, `known` from an act carried "
        "out for them before, `none`; `other_person` and `other_case`: refused, but for a freeze."
    )
    together = serializers.SerializerMethodField(
        help_text="What a refund comes to with others of the same transaction, customer, account or ticket; null "
        "where it is alone."
    )

    @extend_schema_field(serializers.ChoiceField([(tie.value, tie.value) for tie in Tie]))
    def get_account_tie(self, act: SensitiveAct) -> str:
        return tie_of(act.ticket, act.account).value

    @extend_schema_field(TogetherOutput(allow_null=True))
    def get_together(self, act: SensitiveAct) -> dict[str, Any] | None:
        others = others_of(act.ticket, content_of(act), policy_of(act.brand, ActKind(act.kind)), but_for=act)
        if act.amount is None or not others.count:
            return None
        return {"amount": written_amount(act.amount + others.amount), "count": others.count + 1}

    @extend_schema_field(KnownOutput)
    def get_customer_known(self, act: SensitiveAct) -> dict[str, Any]:
        known = level_on(act.ticket)
        proof = known.proof if known.level else None
        voucher = voucher_of(known)
        shown = KnownOutput(
            {
                "level": known.level.name.lower(),
                "method": proof.method if proof else "",
                "by": voucher.display_name if voucher else None,
                "at": proof.at if proof else None,
                "expires_at": proof.expires_at if proof else None,
                "by_requester": voucher is not None and voucher.pk == act.requested_by_id,
            }
        )
        return dict(shown.data)
