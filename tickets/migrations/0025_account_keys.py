from django.db import migrations, models, transaction

from tickets.rules.wallet_content import Content, transaction_key
from tickets.rules.wallet_holder import account_key

#: So many rows are read and written in one transaction.
BATCH = 1000
OPEN = ["requested", "approved", "sending", "unknown"]

#: Beside those of 0022_wallet: what must hold whoever writes.
GUARDS = """
CREATE FUNCTION is_the_customer(person bigint, customer bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM accounts_customer c JOIN accounts_user u ON u.id = $1
    WHERE c.id = $2 AND (c.user_id = u.id OR c.email = u.email)
  )
$$;

CREATE FUNCTION sensitive_act_has_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.content_hash = OLD.content_hash THEN
    RAISE EXCEPTION 'the keys of a sensitive act change with its content alone' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER sensitive_act_has_key BEFORE UPDATE ON tickets_sensitiveact
FOR EACH ROW WHEN (NEW.account_key <> OLD.account_key OR NEW.transaction_key <> OLD.transaction_key)
EXECUTE FUNCTION sensitive_act_has_key();

CREATE FUNCTION sensitive_act_is_not_own() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF is_the_customer(NEW.requested_by_id, NEW.customer_id) THEN
    RAISE EXCEPTION 'nobody asks for an act on what is theirs' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER sensitive_act_is_not_own BEFORE INSERT ON tickets_sensitiveact
FOR EACH ROW WHEN (NEW.kind <> 'freeze') EXECUTE FUNCTION sensitive_act_is_not_own();

CREATE FUNCTION act_approval_is_not_own() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF is_the_customer(NEW.approver_id, (SELECT customer_id FROM tickets_sensitiveact WHERE id = NEW.act_id)) THEN
    RAISE EXCEPTION 'nobody approves an act on what is theirs' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER act_approval_is_not_own BEFORE INSERT ON tickets_actapproval
FOR EACH ROW EXECUTE FUNCTION act_approval_is_not_own();
"""
NO_GUARDS = """
DROP TRIGGER act_approval_is_not_own ON tickets_actapproval;
DROP TRIGGER sensitive_act_is_not_own ON tickets_sensitiveact;
DROP TRIGGER sensitive_act_has_key ON tickets_sensitiveact;
DROP FUNCTION act_approval_is_not_own();
DROP FUNCTION sensitive_act_is_not_own();
DROP FUNCTION sensitive_act_has_key();
DROP FUNCTION is_the_customer(bigint, bigint);
"""


def name_accounts(apps, schema_editor):
    regions = dict(apps.get_model("accounts", "Brand").objects.values_list("pk", "country"))

    def name(row):
        row.account_key = account_key(row.account, region=regions[row.brand_id])

    def name_act(row):
        name(row)
        content = Content(row.kind, row.account, row.reason_code, details=row.details)
        row.transaction_key = transaction_key(content)

    acts = apps.get_model("tickets", "SensitiveAct").objects
    _in_batches(acts, name_act, ["account_key", "transaction_key"])
    _in_batches(apps.get_model("tickets", "Emergency").objects, name, ["account_key"])
    _set_twins_apart(acts.filter(state__in=OPEN))


def _in_batches(rows, change, fields):
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
        for row in batch:
            change(row)
        with transaction.atomic():
            rows.bulk_update(batch, fields)
        last = batch[-1].pk


def _set_twins_apart(open_ones):
    """Two of a kind that are open already on what is one account: the later one keeps a key of its own (no account has
    a blank) until it is over, which is hours. What a freeze needs is asked by the account itself."""
    seen = set()
    for act in open_ones.order_by("pk").iterator():
        if (place := (act.brand_id, act.kind, act.account_key)) in seen:
            open_ones.filter(pk=act.pk).update(account_key=f"{act.account_key} {act.pk}")
        seen.add(place)


class Migration(migrations.Migration):
    # In batches, each a transaction of its own.
    atomic = False

    dependencies = [("accounts", "0012_hard"), ("tickets", "0024_privacy")]

    operations = [
        migrations.AddField(
            model_name="sensitiveact",
            name="account_key",
            field=models.CharField(db_default="", default="", editable=False, max_length=192),
        ),
        migrations.AddField(
            model_name="emergency",
            name="account_key",
            field=models.CharField(db_default="", default="", editable=False, max_length=192),
        ),
        migrations.AddField(
            model_name="sensitiveact",
            name="transaction_key",
            field=models.CharField(db_default="", default="", editable=False, max_length=300),
        ),
        migrations.AddField(
            model_name="sensitiveact",
            name="asked_again_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.RunPython(name_accounts, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name="sensitiveact", name="one_open_act_of_a_kind_per_account"),
        migrations.AddConstraint(
            model_name="sensitiveact",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", OPEN)),
                fields=("brand", "account_key", "kind"),
                name="one_open_act_of_a_kind_per_account",
            ),
        ),
        migrations.RemoveIndex(model_name="sensitiveact", name="act_by_account"),
        migrations.AddIndex(
            model_name="sensitiveact",
            index=models.Index(fields=["brand", "account_key", "-id"], name="act_by_account"),
        ),
        migrations.AddIndex(
            model_name="sensitiveact",
            index=models.Index(
                condition=models.Q(("transaction_key", ""), _negated=True),
                fields=["brand", "transaction_key"],
                name="act_by_transaction",
            ),
        ),
        migrations.RemoveIndex(model_name="emergency", name="emergency_by_account"),
        migrations.AddIndex(
            model_name="emergency",
            index=models.Index(fields=["account_key", "-opened_at"], name="emergency_by_account"),
        ),
        migrations.RunSQL(GUARDS, NO_GUARDS),
    ]
