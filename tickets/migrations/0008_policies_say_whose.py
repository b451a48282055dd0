"""What categories said of their policy becomes what policies say of their categories, in the order of asking."""

from django.db import migrations


def move(apps, schema_editor):
    """Deeper categories are asked for first, so that the nearest that names a policy still decides; what was the
    default comes last and asks for nothing."""
    Category = apps.get_model("tickets", "Category")
    SlaPolicy = apps.get_model("tickets", "SlaPolicy")
    parents = dict(Category.objects.values_list("pk", "parent_id"))

    def depth(pk):
        steps = 0
        while (pk := parents.get(pk)) and steps < 20:
            steps += 1
        return steps

    named = {}
    for category, policy in Category.objects.exclude(policy=None).values_list("pk", "policy_id"):
        named.setdefault(policy, {}).setdefault(depth(category), []).append(category)
    for policy in SlaPolicy.objects.order_by("name"):
        depths = sorted(named.get(policy.pk, {}).items(), reverse=True)
        if policy.is_default:
            policy.position = 1000
            policy.save(update_fields=["position"])
            # Named by a category on purpose, below one that names another, say: a copy says so.
            for level, categories in depths:
                _copy(policy, categories, level)
            continue
        if not depths:
            # No category named it, so it held nowhere; without conditions it would now hold everywhere.
            policy.is_active = False
            policy.save(update_fields=["is_active"])
            continue
        (level, categories), *higher = depths
        policy.position = 500 - 100 * level
        policy.save(update_fields=["position"])
        policy.categories.set(categories)
        for level, categories in higher:
            _copy(policy, categories, level)


def _copy(policy, categories, level):
    copy = type(policy).objects.create(
        name=policy.name, calendar=policy.calendar, pauses_on=policy.pauses_on, position=500 - 100 * level
    )
    copy.categories.set(categories)
    for row in [*policy.targets.all(), *policy.steps.all()]:
        row.pk, row.policy = None, copy
        row._state.adding = True
        row.save()


def back(apps, schema_editor):
    Category = apps.get_model("tickets", "Category")
    SlaPolicy = apps.get_model("tickets", "SlaPolicy")
    for policy in SlaPolicy.objects.order_by("-position"):
        Category.objects.filter(pk__in=policy.categories.values("pk")).update(policy=policy)
    plain = SlaPolicy.objects.filter(categories=None, is_active=True, is_statutory=False)
    last = plain.order_by("-position").first()
    if last is not None:
        SlaPolicy.objects.filter(pk=last.pk).update(is_default=True)


class Migration(migrations.Migration):
    dependencies = [("tickets", "0007_promises")]

    operations = [migrations.RunPython(move, back)]
