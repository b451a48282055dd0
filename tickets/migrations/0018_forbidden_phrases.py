from django.db import migrations

#: Examples to begin with. They are ordinary rows: change, switch off or delete them on their page.
EXAMPLES = [
    (
        "guarantee * refund\nguaranteed refund\nrefund is guaranteed\ndefinitely refund\ndefinitely get your money back\n"
        "guarantee * refunded\nguarantee * your money\nguarantee * money back\nmoney back guaranteed\nrefund *, guaranteed\n"
        "refunded *, guaranteed\nmoney *, guaranteed\nrefund * is guaranteed\nrefund * hours guaranteed\nrefund * days guaranteed\n"
        "promise a refund\npromise you a refund\n"
        "promise * full refund\npromise * will refund\npromise * will be refunded\npromise * money back\npromise * get your money\n"
        "will definitely be refunded\nwill definitely refund\nwill definitely get your money\n"
        "我们保证*退款\n我们保证*退还\n我们保证*退给\n我们保证*退回\n我保证*退款\n我保证*退给\n向您保证*退款\n向您保证*退还\n"
        "保证给您退\n保证会退\n保证能退\n一定会退\n一定给您退\n一定能退\n肯定退款\n肯定会退\n"
        "肯定给您退\n肯定能退\n绝对会退\n百分之百退款\n100%退款\n我们承诺*退款\n我承诺*退款\n退款，我们保证\n退款，我保证\n退款给您，我们保证\n退款给您，保证\n"
        "退给您，保证\n我們保證*退款\n我們保證*退還\n一定會退\n肯定會退\n"
        "保证退款\n保证*退款\n一定退款\n一定会*退款\n百分百退款\n保證退款",
        "（示例）退款由商户、银行或风控决定，我们不能承诺。",
        "(Example) A refund is decided by the merchant, the bank or risk control: we cannot promise it.",
        False,
    ),
    (
        "will arrive today\nwill arrive tomorrow\nwill arrive by\nguarantee * arrive\narrive within * guaranteed\n"
        "refund *, i guarantee\nrefund *, we guarantee\nmoney *, i guarantee\nmoney *, we guarantee\nrefund *, i promise\n"
        "refund *, we promise\nmoney *, i promise\nmoney *, we promise\n"
        "will refund * within\nwill refund * today\nwill refund * tomorrow\nwill be refunded within\nwill be refunded * today\n"
        "will be refunded * tomorrow\nwill be refunded by\nwill be back by\nmoney * back within\nmoney * back * today\n"
        "money * back * tomorrow\nget your money * within\nget your money * today\nget your money * tomorrow\narrive *, guaranteed\n"
        "account *, guaranteed\nhours guaranteed\nhours, guaranteed\ntomorrow, guaranteed\ntoday, guaranteed\n"
        "保证在*内到\n保证在*内退\n保证今天\n保证明天\n我们保证*小时内\n我们保证*天内\n我们保证*日内\n"
        "小时内一定\n小时内保证\n今天一定*到账\n明天一定*到账\n"
        "今天就能到账\n"
        "明天就能到账\n明天前到账\n明天之前到账\n肯定到账\n肯定会到账\n一定能到账\n马上到账\n立刻到账\n今天退款\n明天退款\n今天就退\n"
        "明天就退\n小时内退款给您\n小时内给您退\n小时内为您退\n今天就能退\n明天就能退\n一定會到賬\n"
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
