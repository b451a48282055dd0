from django.db import migrations, models


class Migration(migrations.Migration):
    """What of a conversation is to be forwarded is kept with the draft: a crash must not widen it."""

    dependencies = [("tickets", "0012_old_notices_are_read")]

    operations = [
        migrations.AddField(
            model_name="draft", name="first_message", field=models.BigIntegerField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="draft", name="with_files", field=models.BooleanField(db_default=False, default=False)
        ),
    ]
