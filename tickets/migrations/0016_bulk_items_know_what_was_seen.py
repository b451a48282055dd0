from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0015_take_next"),
    ]

    operations = [
        migrations.AddField(
            model_name="bulkitem",
            name="seen",
            field=models.BigIntegerField(blank=True, null=True),
        ),
    ]
