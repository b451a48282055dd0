from django.db import migrations


class Migration(migrations.Migration):
    """What was told before there was a page for it is no news any more."""

    dependencies = [("tickets", "0011_workspace")]

    operations = [
        migrations.RunSQL(
            "UPDATE tickets_notice SET read_at = created_at WHERE read_at IS NULL", migrations.RunSQL.noop
        ),
    ]
