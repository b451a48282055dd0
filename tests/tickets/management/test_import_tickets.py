from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Brand, Customer, User
from helpdesk.env import BASE_DIR
from tickets import actors
from tickets.actions import messages
from tickets.actions.tickets import open_ticket
from tickets.choices import Channel, Priority
from tickets.management.importing import run as importing
from tickets.models import Category, Message, OutboxMail, Ticket, Timer

pytestmark = pytest.mark.usefixtures("brand", "category")
EMAIL = ["--customer-email", "import-{row}@import.invalid"]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Rejects and checkpoints go where the command is run."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(here: Path, text: str, name: str = "old.csv", encoding: str = "utf-8") -> Path:
    path = here / name
    path.write_bytes(text.encode(encoding))
    return path


def run(file: Path, *args: str, body: str = "text") -> str:
    out = io.StringIO()
    call_command("import_tickets", str(file), "--brand", "btp", "--map", f"body={body}", *args, stdout=out)
    return out.getvalue()


def test_it_works(here: Path) -> None:
    file = write(
        here,
        "id,text,what,mail,tel,who,opened,labels,how,title\n"
        "7,三天没有到账,withdrawal,LI@example.com,,李雷,2026-01-05 10:00,VIP; bank,high,提现\n"
        "8,Second,withdrawal,,+8613800138000,,2026-01-06,,,\n",
    )
    told = run(
        file,
        *("--external-id", "id", "--source", "old-desk"),
        *(
            f"--map={name}"
            for name in ("category=what", "customer_email=mail", "customer_phone=tel", "customer_name=who")
        ),
        *(f"--map={name}" for name in ("created_at=opened", "tags=labels", "priority=how", "subject=title")),
    )
    assert told.startswith("2 rows: 2 opened, 0 there already, 0 rejected")
    first, second = Ticket.objects.order_by("id")
    assert first.origin_key == "import:btp:old-desk:7"
    assert (first.subject, first.category and first.category.slug) == ("提现", "withdrawal")
    assert (first.channel, first.priority, first.tags) == (Channel.IMPORT, Priority.HIGH, ["vip", "bank"])
    assert (first.customer.email, first.customer.name) == ("li@example.com", "李雷")
    assert first.created_at.isoformat() == "2026-01-05T02:00:00+00:00", "said in the brand's time zone"
    assert (second.customer.phone, second.subject) == ("+8613800138000", "Second")
    assert first.team is not None
    assert first.team.slug == "funds"
    assert Timer.objects.filter(ticket=first).count() == 2
    assert not OutboxMail.objects.exists(), "nobody is told of what they asked long ago"
    assert not list(here.glob("*.rejects*"))


def test_an_id_that_is_a_secret_is_kept_as_a_hash(here: Path) -> None:
    card = "4111111111111111"
    phrase = "legal winner thank year wave sausage worth useful legal winner thank yellow"
    run(write(here, f"id,text\n{card},one\n{phrase},two\n"), "--external-id", "id", *EMAIL)
    keys = list(Ticket.objects.values_list("origin_key", flat=True))
    assert len(keys) == 2
    assert not any(card in key or "winner" in key for key in keys if key)
    again = write(here, f"id,text\n{phrase},two\n{card},one\n", "again.csv")
    assert "0 opened, 2 there already" in run(again, "--external-id", "id", *EMAIL)


def test_a_second_run_adds_none(here: Path) -> None:
    file = write(here, "text\none\ntwo\n")
    run(file, *EMAIL)
    assert "0 opened, 2 there already" in run(file, *EMAIL)
    file.rename(here / "renamed.csv")
    assert "0 opened, 2 there already" in run(here / "renamed.csv", *EMAIL), "the content names it"
    assert Ticket.objects.count() == 2


def test_an_id_names_a_row_wherever_it_stands(here: Path) -> None:
    run(write(here, "id,text\na,one\nb,two\n"), "--external-id", "id", *EMAIL)
    assert "1 opened, 2 there already" in run(
        write(here, "id,text\nc,three\nb,two\na,one\n"), "--external-id", "id", *EMAIL
    )


def test_bad_rows_stop_nothing(here: Path) -> None:
    Category.objects.create(slug="how-to", name_zh="x", name_en="x")
    file = write(
        here,
        "text,kind,mail,when\n"
        "good,withdrawal,a@example.com,\n"
        ",withdrawal,a@example.com,\n"
        "no such category,nonsense,a@example.com,\n"
        "nobody,withdrawal,,\n"
        "bad address,withdrawal,not an address,\n"
        "when?,withdrawal,a@example.com,yesterday\n"
        "future,withdrawal,a@example.com,2999-01-01\n"
        "impossible,withdrawal,a@example.com,2026-02-31\n"
        '"many, cells",withdrawal,a@example.com,,x,y\n' + "long" * 6000 + ",withdrawal,a@example.com,\n"
        "\n"
        "underscores,how_to,a@example.com,\n",
    )
    told = run(file, "--map=category=kind", "--map=customer_email=mail", "--map=created_at=when")
    assert told.startswith("11 rows: 2 opened, 0 there already, 9 rejected")
    assert "old.rejects.csv" in told
    with (here / "old.rejects.csv").open(encoding="utf-8", newline="") as rejected:
        rows = list(csv.reader(rejected))
    assert rows[0] == ["text", "kind", "mail", "when", "reject_reason"]
    assert [row[-1].split(":")[0] for row in rows[1:]] == [
        *("body", "category", "customer_email", "email", "created_at", "created_at", "created_at"),
        *("2 cells more than the header has columns", "body"),
    ]
    assert set(Ticket.objects.values_list("category__slug", flat=True)) == {"withdrawal", "how-to"}
    assert Customer.objects.count() == 1


def test_mended_rejects_can_be_imported_as_they_are(here: Path) -> None:
    file = write(here, "id,text\na,\n")
    run(file, "--external-id", "id", *EMAIL)
    mended = (here / "old.rejects.csv").read_text().replace("a,,", "a,now with text,")
    told = run(write(here, mended, "mended.csv"), "--external-id", "id", *EMAIL)
    assert "1 opened" in told


def test_a_category_map_and_a_default(here: Path) -> None:
    Category.objects.create(slug="other", name_zh="x", name_en="x")
    write(here, "intent,category\ncash,withdrawal\nodd,not_there\n", "map.csv")
    file = write(here, "text,intent\na,cash\nb,odd\nc,unknown\nd,\n")
    run(
        file,
        "--map=category=intent",
        "--category-map=map.csv:intent:category",
        "--default-category=other",
        *EMAIL,
    )
    slugs = Ticket.objects.order_by("id").values_list("category__slug", flat=True)
    assert list(slugs) == ["withdrawal", "other", "other", "other"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_charsets(here: Path, encoding: str) -> None:
    run(write(here, "text\n我的提现没有到账𠮷\n", encoding=encoding), *EMAIL)
    assert Message.objects.get().body == "我的提现没有到账𠮷"


def test_a_charset_that_does_not_fit_is_told(here: Path) -> None:
    (here / "old.csv").write_bytes(b"text\n\xff\xff\xff\n")
    with pytest.raises(CommandError, match="--encoding"):
        run(here / "old.csv", *EMAIL)


def test_jsonl(here: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"text": "one", "requester": {"email": "a@example.com"}, "tags": ["x", "y"]},
        {"text": ["two"], "requester": {"email": "a@example.com"}},
        {"text": "three", "requester": None},
    ]
    lines = [json.dumps(row) for row in rows] + ["{broken", "[1]", "", "[" * 200_000]
    file = write(here, "\n".join(lines) + "\n", "old.jsonl")
    told = run(file, "--map=customer_email=requester.email", "--map=tags=tags")
    assert told.startswith("6 rows: 1 opened, 0 there already, 5 rejected")
    assert Ticket.objects.get().tags == ["x", "y"]
    rejected = [json.loads(line) for line in (here / "old.rejects.jsonl").read_text().splitlines()]
    assert rejected[0] | {"reject_reason": ""} == {**rows[1], "reject_reason": ""}
    assert all(row["reject_reason"] for row in rejected)
    assert rejected[2]["line"] == "{broken"


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--brand", "nowhere"], "there are: btp"),
        (["--map", "nonsense=text"], "fields are"),
        (["--map", "subject=missing"], "it has: text"),
        (["--default-category", "nowhere"], "there are: withdrawal"),
        (["--customer-email", "all@import.invalid"], "{row}"),
        (["--category-map", "no.csv:a:b"], "no.csv"),
        (["--encoding", "klingon"], "klingon"),
        (["--rejects", "old.csv"], "overwrite"),
    ],
)
def test_a_wrong_command_line_is_told_before_anything_is_done(
    here: Path, args: list[str], words: str
) -> None:
    with pytest.raises(CommandError) as refused:
        run(write(here, "text\none\n"), *args)
    assert words in str(refused.value)
    assert not Ticket.objects.exists()


def test_made_up_addresses_get_no_mail(here: Path, agent: User) -> None:
    run(write(here, "text\none\n"), *EMAIL)
    messages.reply(Ticket.objects.get(), body="Hello?", by=actors.staff(agent))
    assert not OutboxMail.objects.exists()


def test_queries_of_a_row(here: Path, django_assert_max_num_queries: Any) -> None:
    file = write(here, "text\n" + "one\n" * 50)
    with django_assert_max_num_queries(50 * 13 + 20):
        run(file, *EMAIL)


class TestResume:
    def test_after_a_stop_between_two_commits(self, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(importing, "BATCH_ROWS", 2)
        file = write(here, 'text\none\n""\nthree\nfour\n""\nsix\n')
        opened: list[Any] = []

        def stops(*args: Any, **kwargs: Any) -> Any:
            if len(opened) == 2:
                raise KeyboardInterrupt
            opened.append(real(*args, **kwargs))
            return opened[-1]

        real = open_ticket
        with monkeypatch.context() as patched:
            patched.setattr(
                importing, "open_ticket", lambda *a, **k: stops(*a, **k) if a[0].body != "x" else None
            )
            with pytest.raises(CommandError, match="--resume"):
                run(file, *EMAIL)
        assert Ticket.objects.count() == 1, "the second transaction was undone as a whole"
        told = run(file, *EMAIL, "--resume")
        assert told.startswith("6 rows: 4 opened, 0 there already, 2 rejected")
        assert len((here / "old.rejects.csv").read_text().splitlines()) == 3
        assert not list(here.glob("*.checkpoint"))

    def test_not_with_a_changed_file(self, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        file = write(here, "text\none\n")
        (here / "old.rejects.csv.checkpoint").write_text('{"digest": "x", "counts": {}, "rejects_size": 0}')
        with pytest.raises(CommandError, match="changed"):
            run(file, *EMAIL, "--resume")

    @pytest.mark.django_db(transaction=True)
    def test_after_a_kill(self, here: Path, process_env: dict[str, str]) -> None:
        file = write(here, "text\n" + "".join(f"row {number}\n" for number in range(800)))
        command = [sys.executable, str(BASE_DIR / "manage.py"), "import_tickets", str(file)]
        command += ["--brand", "btp", "--map", "body=text", *EMAIL]
        child = subprocess.Popen(command, env=process_env, cwd=here, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 60
        while not Ticket.objects.exists() and child.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        before = Ticket.objects.count()
        assert 0 < before < 800
        told = run(file, *EMAIL, "--resume")
        assert told.startswith("800 rows:")
        assert Ticket.objects.count() == Message.objects.count() == 800
        assert set(Message.objects.values_list("body", flat=True)) == {
            f"row {number}" for number in range(800)
        }


@pytest.mark.long
def test_banking77(here: Path, brand: Brand) -> None:
    """All 10,003 rows that real people wrote, twice; the counts by category are the file's."""
    data = BASE_DIR.parent / "shared" / "data" / "banking77"
    if not data.exists():
        pytest.skip("the sample data is not on this machine")
    with (data / "intent_map.csv").open(newline="") as file:
        meaning = {row["intent"]: row["category"].replace("_", "-") for row in csv.DictReader(file)}
    for slug in set(meaning.values()) - {"withdrawal"}:
        Category.objects.create(slug=slug, name_zh=slug, name_en=slug)
    args = ["--map=category=category", f"--category-map={data / 'intent_map.csv'}:intent:category", *EMAIL]
    assert run(data / "train.csv", *args).startswith("10,003 rows: 10,003 opened")
    assert "0 opened, 10,003 there already" in run(data / "train.csv", *args)
    with (data / "train.csv").open(newline="") as file:
        wanted = [meaning[row["category"]] for row in csv.DictReader(file)]
    found = list(Ticket.objects.values_list("category__slug", flat=True))
    assert sorted(found, key=str) == sorted(wanted)
    assert Timer.objects.filter(due_at__isnull=False).count() == 2 * 10_003
