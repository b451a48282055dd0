from django.db import migrations

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

    operations = [migrations.RunPython(seal, unseal)]
