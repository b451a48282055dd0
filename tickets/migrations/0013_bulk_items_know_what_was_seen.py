from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0012_old_notices_are_read"),
    ]

    operations = [
        migrations.AddField(
            model_name="bulkitem",
            name="seen",
            field=models.BigIntegerField(blank=True, null=True),
        ),
    ]
