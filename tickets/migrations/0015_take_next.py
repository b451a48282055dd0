from django.db import migrations, models


class Migration(migrations.Migration):
    """What take next, the load of each person and the sweep of duty look up. At a million tickets each is built in
    seconds; writers of tickets wait so long.
    """

    dependencies = [
        ("accounts", "0004_duty_and_verification"),
        ("tickets", "0014_queue_indexes"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                models.F("team"),
                models.Case(models.When(priority=40, then=models.Value(0)), default=models.Value(1)),
                models.F("due_at"),
                models.OrderBy(models.F("priority"), descending=True),
                models.F("id"),
                name="ticket_to_take",
                condition=models.Q(("status__in", ["new", "open"]), ("assignee", None)),
                include=["brand", "language", "category"],
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                fields=["assignee"],
                name="ticket_load",
                condition=models.Q(("status__in", ["new", "open"]), ("assignee__isnull", False)),
            ),
        ),
        migrations.AddIndex(
            model_name="ticketread",
            index=models.Index(fields=["person", "at"], name="reading_by_person"),
        ),
    ]
