from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="FailedTask",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fingerprint", models.CharField(editable=False, max_length=64, unique=True)),
                ("name", models.CharField(max_length=200, verbose_name="task")),
                ("args", models.JSONField(null=True, verbose_name="arguments")),
                ("kwargs", models.JSONField(null=True, verbose_name="named arguments")),
                ("error", models.CharField(max_length=500, verbose_name="error")),
                ("traceback", models.TextField(blank=True, verbose_name="where it happened")),
                ("times", models.PositiveIntegerField(default=1, verbose_name="how often")),
                ("first_failed_at", models.DateTimeField(verbose_name="first failed")),
                ("last_failed_at", models.DateTimeField(verbose_name="last failed")),
                ("last_task_id", models.CharField(blank=True, max_length=100)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "waits for the operator"),
                            ("retried", "run again"),
                            ("dismissed", "dismissed"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="settled")),
                ("settled_by", models.CharField(blank=True, max_length=150, verbose_name="settled by")),
            ],
            options={
                "verbose_name": "failed task",
                "verbose_name_plural": "failed tasks",
                "ordering": ["-last_failed_at", "-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["-last_failed_at", "-id"],
                        name="failed_task_open",
                    )
                ],
            },
        ),
    ]
