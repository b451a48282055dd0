from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tickets", "0008_policies_say_whose")]

    operations = [
        migrations.RemoveConstraint(
            model_name="slapolicy",
            name="one_default_policy",
        ),
        migrations.RemoveField(
            model_name="category",
            name="policy",
        ),
        migrations.RemoveField(
            model_name="slapolicy",
            name="is_default",
        ),
    ]
