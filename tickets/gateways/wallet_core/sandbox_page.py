"""The sandbox's one page: what it was asked, and what it did. In English: it is for whoever tries the product out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="3"><title>Sandbox wallet</title><style>
:root {{ color-scheme: light dark; font: 16px/1.5 system-ui, "PingFang SC", "Noto Sans CJK SC", sans-serif; }}
body {{ max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }}
table {{ border-collapse: collapse; width: 100%; }} caption {{ text-align: left; font-weight: 600; padding: .5rem 0; }}
th, td {{ text-align: left; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid #8884; vertical-align: top; }}
.scroll {{ overflow-x: auto; }}
</style></head><body><main><h1>Sandbox wallet</h1>
<p>No money is moved here. It shows what the helpdesk had it do; the same is at <a href="/ledger.json">/ledger.json</a>.
Effects so far: {effects}.</p>
<div class="scroll"><table><caption>Acts, newest first</caption><thead><tr><th>at</th><th>what</th><th>account</th>
<th>state</th><th>reference</th><th>calls</th><th>effects</th></tr></thead><tbody>{acts}</tbody></table></div>
<div class="scroll"><table><caption>Accounts</caption><thead><tr><th>account</th><th>frozen</th><th>what was done</th>
</tr></thead><tbody>{accounts}</tbody></table></div></main></body></html>"""
_NONE = SafeString("<tr><td>none yet</td></tr>")


def page(told: Mapping[str, Any]) -> SafeString:
    acts = format_html_join(
        "",
        "<tr><td>{}</td><td>{}</td><td>{}</td><td>{} {}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
        (
            (
                act["at"],
                _what(act["content"]),
                act["content"]["account"],
                act["state"],
                act["code"],
                act["reference"],
                act["calls"],
                act["effects"],
            )
            for act in told["acts"]
        ),
    )
    accounts = format_html_join(
        "",
        "<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
        (
            (name, "yes" if account["frozen"] else "no", ", ".join(account["log"]))
            for name, account in told["accounts"].items()
        ),
    )
    return format_html(_PAGE, effects=told["effects"], acts=acts or _NONE, accounts=accounts or _NONE)


def _what(content: Mapping[str, Any]) -> str:
    money = f" {content['amount']} {content['currency']}" if content.get("amount") else ""
    return f"{content['kind']}{money}"
