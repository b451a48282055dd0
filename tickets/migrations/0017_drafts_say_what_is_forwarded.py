from django.db import migrations, models


class Migration(migrations.Migration):
    """What of a conversation is to be forwarded is kept with the draft: a crash must not widen it."""

    dependencies = [("tickets", "0016_bulk_items_know_what_was_seen")]

    operations = [
        migrations.AddField(
            model_name="draft", name="first_message", field=models.BigIntegerField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="draft", name="with_files", field=models.BooleanField(db_default=False, default=False)
        ),
    ]
