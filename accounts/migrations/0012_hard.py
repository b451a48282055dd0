from django.db import migrations, models

from accounts.web.mfa import MARK, MFAAdapter


def seal(apps, schema_editor):
    """Seeds that were written in clear. Those of passkeys are public keys."""
    adapter = MFAAdapter()
    rows = apps.get_model("mfa", "Authenticator").objects.exclude(type="webauthn")
    for row in rows.iterator():
        data = dict(row.data)
        for name in ("secret", "seed"):
            if isinstance(data.get(name), str) and not data[name].startswith(MARK):
                data[name] = adapter.encrypt(data[name])
        if isinstance(data.get("migrated_codes"), list):
            data["migrated_codes"] = [
                code if code.startswith(MARK) else adapter.encrypt(code) for code in data["migrated_codes"]
            ]
        if data != row.data:
            row.data = data
            row.save(update_fields=["data"])


def unseal(apps, schema_editor):
    adapter = MFAAdapter()
    for row in apps.get_model("mfa", "Authenticator").objects.exclude(type="webauthn").iterator():
        for name in ("secret", "seed"):
            if name in row.data:
                row.data[name] = adapter.decrypt(row.data[name])
        if "migrated_codes" in row.data:
            row.data["migrated_codes"] = [adapter.decrypt(code) for code in row.data["migrated_codes"]]
        row.save(update_fields=["data"])


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0011_privacy"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [
        migrations.RunPython(seal, unseal),
        migrations.AlterField(
            model_name="auditentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("logged_in", "logged in"),
                    ("login_failed", "log-in failed"),
                    ("logged_out", "logged out"),
                    ("confirmed_again", "confirmed again who they are"),
                    ("session_ended", "session ended"),
                    ("credentials_changed", "password or second factor changed"),
                    ("refused", "refused: not allowed, not there, or too often"),
                    ("powers_changed", "role, teams or brands changed"),
                    ("configured", "configuration changed"),
                    ("ticket_read", "ticket read"),
                    ("customer_read", "customer read"),
                    ("file_read", "file read"),
                    ("searched", "searched"),
                    ("revealed", "masked data shown"),
                    ("reveal_budget_passed", "more shown than the budget of a shift"),
                    ("decoy_read", "decoy opened"),
                    ("exported", "exported"),
                    ("code_sent", "code sent to prove the contact"),
                    ("code_failed", "wrong code given"),
                    ("verified", "customer verified"),
                    ("verification_ended", "verification withdrawn"),
                    ("contact_changed", "contact data changed"),
                    ("support_code_given", "proof that it is us given"),
                    ("support_code_checked", "proof that it is us checked"),
                    ("act_requested", "sensitive act asked for"),
                    ("act_approved", "sensitive act approved"),
                    ("act_refused", "sensitive act refused"),
                    ("act_withdrawn", "sensitive act withdrawn"),
                    ("act_expired", "sensitive act expired"),
                    ("act_sent", "sensitive act sent to the wallet"),
                    ("act_done", "sensitive act carried out"),
                    ("act_failed", "sensitive act not carried out"),
                    ("emergency_opened", "emergency reported"),
                    ("emergency_taken", "emergency taken"),
                    ("secret_removed", "secret removed"),
                    ("file_quarantined", "file put in quarantine"),
                    ("file_released", "file released"),
                    ("scam_reported", "scam reported"),
                    ("scam_judged", "scam report judged"),
                    ("person_exported", "personal data exported"),
                    ("person_erased", "personal data erased"),
                    ("erasure_refused", "erasure refused"),
                    ("hold_set", "legal hold set"),
                    ("hold_lifted", "legal hold lifted"),
                    ("retention_run", "retention rules carried out"),
                    ("audit_verified", "audit log verified"),
                    ("audit_exported", "audit log exported"),
                    ("audit_trimmed", "audit log trimmed"),
                ],
                max_length=24,
                verbose_name="what",
            ),
        ),
        migrations.AlterField(
            model_name="securityalarm",
            name="kind",
            field=models.CharField(
                choices=[
                    ("logged_in", "logged in"),
                    ("login_failed", "log-in failed"),
                    ("logged_out", "logged out"),
                    ("confirmed_again", "confirmed again who they are"),
                    ("session_ended", "session ended"),
                    ("credentials_changed", "password or second factor changed"),
                    ("refused", "refused: not allowed, not there, or too often"),
                    ("powers_changed", "role, teams or brands changed"),
                    ("configured", "configuration changed"),
                    ("ticket_read", "ticket read"),
                    ("customer_read", "customer read"),
                    ("file_read", "file read"),
                    ("searched", "searched"),
                    ("revealed", "masked data shown"),
                    ("reveal_budget_passed", "more shown than the budget of a shift"),
                    ("decoy_read", "decoy opened"),
                    ("exported", "exported"),
                    ("code_sent", "code sent to prove the contact"),
                    ("code_failed", "wrong code given"),
                    ("verified", "customer verified"),
                    ("verification_ended", "verification withdrawn"),
                    ("contact_changed", "contact data changed"),
                    ("support_code_given", "proof that it is us given"),
                    ("support_code_checked", "proof that it is us checked"),
                    ("act_requested", "sensitive act asked for"),
                    ("act_approved", "sensitive act approved"),
                    ("act_refused", "sensitive act refused"),
                    ("act_withdrawn", "sensitive act withdrawn"),
                    ("act_expired", "sensitive act expired"),
                    ("act_sent", "sensitive act sent to the wallet"),
                    ("act_done", "sensitive act carried out"),
                    ("act_failed", "sensitive act not carried out"),
                    ("emergency_opened", "emergency reported"),
                    ("emergency_taken", "emergency taken"),
                    ("secret_removed", "secret removed"),
                    ("file_quarantined", "file put in quarantine"),
                    ("file_released", "file released"),
                    ("scam_reported", "scam reported"),
                    ("scam_judged", "scam report judged"),
                    ("person_exported", "personal data exported"),
                    ("person_erased", "personal data erased"),
                    ("erasure_refused", "erasure refused"),
                    ("hold_set", "legal hold set"),
                    ("hold_lifted", "legal hold lifted"),
                    ("retention_run", "retention rules carried out"),
                    ("audit_verified", "audit log verified"),
                    ("audit_exported", "audit log exported"),
                    ("audit_trimmed", "audit log trimmed"),
                ],
                max_length=24,
                verbose_name="what",
            ),
        ),
    ]
