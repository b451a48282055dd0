from django.db import migrations

#: Examples to begin with. They are ordinary rows: change, switch off or delete them on their page.
EXAMPLES = [
    (
        "guarantee * refund\nguaranteed refund\nrefund is guaranteed\ndefinitely refund\ndefinitely get your money back\n"
        "保证退款\n保证*退款\n一定退款\n一定会*退款\n百分百退款\n保證退款",
        "（示例）退款由商户、银行或风控决定，我们不能承诺。",
        "(Example) A refund is decided by the merchant, the bank or risk control: we cannot promise it.",
        False,
    ),
    (
        "will arrive today\nwill arrive tomorrow\nwill arrive by\nguarantee * arrive\narrive within * guaranteed\n"
        "保证到账\n保证*到账\n一定到账\n一定会到账\n今天到账\n今天之内到账\n明天到账\n明天一定到\n保證到賬",
        "（示例）到账时间取决于银行和区块链，请说一般需要多久。",
        "(Example) When money arrives depends on banks and chains: say how long it usually takes.",
        True,
    ),
    (
        "100% safe\n100 % safe\nabsolutely safe\ncompletely safe\nno risk\nrisk-free\nrisk free\n"
        "绝对安全\n百分百安全\n100%安全\n零风险\n毫无风险\n没有任何风险\n絕對安全",
        "（示例）没有绝对安全的事，这样的话会被当作承诺。",
        "(Example) Nothing is safe without exception, and this would be taken for a promise.",
        True,
    ),
    (
        "will definitely be unfrozen\nguarantee * unfreeze\nguarantee * unfrozen\n一定解冻\n保证解冻\n保证*解冻\n一定会*解冻\n保證解凍",
        "（示例）解冻要经过审核，结果不能事先承诺。",
        "(Example) Unfreezing is decided after a review, and cannot be promised before.",
        False,
    ),
    (
        "guaranteed return\nguaranteed profit\nguarantee * profit\n保本\n稳赚\n保证收益\n保證收益",
        "（示例）对收益作出承诺是违法的。",
        "(Example) To promise a return is against the law.",
        False,
    ),
]


def add(apps, schema_editor):
    phrases = apps.get_model("tickets", "ForbiddenPhrase")
    if phrases.objects.exists():
        return
    phrases.objects.bulk_create(
        phrases(words=words, reason_zh=zh, reason_en=en, may_send_anyway=may)
        for words, zh, en, may in EXAMPLES
    )


class Migration(migrations.Migration):
    """Forbidden phrases to begin with, marked as examples."""

    dependencies = [("tickets", "0017_drafts_say_what_is_forwarded")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
