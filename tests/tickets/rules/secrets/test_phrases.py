"""Layouts of phrases one by one, phrases with one wrong word, and prose that comes near to them."""

from __future__ import annotations

import pytest

from tests.phrases_maker import PhraseMaker
from tests.tickets.rules.secrets.said import BLANKS
from tickets.rules.secrets import Certainty, Kind, find, redact
from tickets.rules.secrets.guard import guard

ENGLISH = "legal winner thank year wave sausage worth useful legal winner thank yellow"
#: Words that count, name and join, all of them of the list; its checksum is right.
LABELS = "two twenty second first word then next number group item one pear"
CHINESE = "航润副题村仅酸派铺池蓄输"


def kinds(text: str) -> tuple[Kind, ...]:
    return guard(text).kinds


@pytest.mark.parametrize(
    "layout",
    [
        "Row 1: {} {} {} {}\nRow 2: {} {} {} {}\nRow 3: {} {} {} {}",
        "Group 1: {} {} {} {} {} {}; Group 2: {} {} {} {} {} {}",
        "words 1-4: {} {} {} {}\nwords 5-8: {} {} {} {}\nwords 9-12: {} {} {} {}",
        "第一行：{} {} {} {} {} {}\n第二行：{} {} {} {} {} {}",
        "first line: {} {} {} {} {} {}; second line: {} {} {} {} {} {}",
        "word 1: {}\nword 2: {}\nword 3: {}\nword 4: {}\nword 5: {}\nword 6: {}\nword 7: {}\nword 8: {}\nword 9: {}\n"
        "word 10: {}\nword 11: {}\nword 12: {}",
        "one {}, two {}, three {}, four {}, five {}, six {}, seven {}, eight {}, nine {}, ten {}, eleven {}, "
        "twelve {}",
        "the first is {}, the second is {}, the third is {}, the fourth is {}, the fifth is {}, the sixth is {}, "
        "the seventh is {}, the eighth is {}, the ninth is {}, the tenth is {}, the eleventh is {}, the twelfth is {}",
        ", then ".join(["{}"] * 12),
        " and next ".join(["{}"] * 12),
        " followed by ".join(["{}"] * 12),
    ],
)
@pytest.mark.parametrize("phrase", [ENGLISH, LABELS])
def test_every_word_of_a_phrase_with_labels_goes(layout: str, phrase: str) -> None:
    """Also where the words are labels themselves."""
    text = layout.format(*phrase.split())
    found = [(each.start, each.end) for each in find(text) if each.certainty == Certainty.CERTAIN]
    first = layout.index("{}")
    assert found, text
    assert found[0][0] <= first
    assert found[-1][1] == len(text)
    assert len(found) == 1


@pytest.mark.parametrize("between", ["，", "、", "-", "／", "\n", "  ", "，\n"])
@pytest.mark.parametrize("size", [2, 3, 4, 6])
def test_chinese_groups(size: int, between: str) -> None:
    groups = between.join(CHINESE[place : place + size] for place in range(0, 12, size))
    assert redact(f"我的助记词是{groups}，谢谢").startswith("我的助记词是[")
    for text in (groups, f"我的助记词是{groups}", f"你好。\n{groups}\n谢谢"):
        assert not set(CHINESE) & set(redact(text).replace("已移除：助记词", "")), text


@pytest.mark.parametrize(
    "text",
    [
        "，然后".join(CHINESE),
        " 接着 ".join(CHINESE),
        "第一行：航润副题\n第二行：村仅酸派\n第三行：铺池蓄输",
        "一、航润副题\n二、村仅酸派\n三、铺池蓄输",
        "Row 1: 航润副题\nRow 2: 村仅酸派\nRow 3: 铺池蓄输",
        "words 1-6: 航润副题村仅; words 7-12: 酸派铺池蓄输",
        "\n".join(
            f"{number}、{word}"
            for number, word in zip([*"一二三四五六七八九十", "十一", "十二"], CHINESE, strict=True)
        ),
    ],
)
def test_chinese_labels(text: str) -> None:
    assert not set(CHINESE) & set(redact(text))


@pytest.mark.parametrize(
    "text",
    [
        "  ".join(" ".join(word) for word in ENGLISH.split()),
        "\n".join("-".join(word) for word in ENGLISH.split()),
        " ".join(word[:4] for word in ENGLISH.split()),
        "\n".join(f"{number}. {word[:4]}" for number, word in enumerate(ENGLISH.split(), 1)),
    ],
)
def test_spelled_and_shortened(text: str) -> None:
    [found] = find(text)
    assert (found.kind, found.certainty, found.end) == (Kind.MNEMONIC, Certainty.CERTAIN, len(text))
    # What is shortened is proved by its checksum alone.
    assert kinds(" ".join(word[:4] for word in reversed(ENGLISH.split()))) == ()


@pytest.mark.parametrize("blank", BLANKS)
def test_blanks_that_programs_wrote(blank: str) -> None:
    """The whole phrase goes, and nothing beside it."""
    assert guard(f'{{"x":"{blank.join(ENGLISH.split())}"}} 您好\u200b').text == (
        '{"x":"[removed: recovery phrase / 已移除：助记词]"} 您好\u200b'
    )


def test_far_from_a_blank_that_a_program_wrote() -> None:
    """Both readings tell the same places."""
    hello = "Dear colleagues, 您好! " * 80
    blank = ENGLISH.replace(" ", "%20")
    mark = "[removed: recovery phrase / 已移除：助记词]"
    assert (
        guard(f"{hello}{ENGLISH}. {hello}{blank}. {hello}").text == f"{hello}{mark}. {hello}{mark}. {hello}"
    )


WRONG = "legal winer thank year wave sausage worth useful legal winner thank yellow"


@pytest.mark.parametrize(
    ("text", "goes"),
    [
        (f"my seed phrase is {WRONG}. Thanks", True),
        (f"{WRONG}\nthis is my mnemonic", True),
        (f"助记词：{WRONG.replace(' ', '，')}", True),
        (f"recovery phrase: {WRONG.replace('winer', 'qqq')}", True),
        (f"recovery phrase: lagel {ENGLISH.removeprefix('legal ')}", True),
        (f"recovery phrase: {ENGLISH.removesuffix('yellow')}yelow, can you see it", True),
        (WRONG, False),
        (f"my shopping list is {WRONG}", False),
        (f"my seed phrase is {WRONG.replace('useful', 'qqq')}", False),
        ("我的助记词是：航润副题饕仅酸派铺池蓄输", True),
        ("航 润 副 题 村 饕 酸 派 铺 池 蓄 输\n这是助记词", True),
        ("航润副题饕仅酸派铺池蓄输", False),
    ],
)
def test_one_wrong_word_needs_its_name(text: str, *, goes: bool) -> None:
    assert kinds(text) == ((Kind.MNEMONIC,) if goes else ())
    if goes:
        assert not [
            part for part in ("legal", "sausage", "yel", "lagel", "航", "输") if part in guard(text).text
        ]


def test_nearly_all_with_one_wrong_word_go() -> None:
    maker = PhraseMaker(8)
    texts = [maker.mistyped() for _ in range(600)]
    kept = [text for text in texts if Kind.MNEMONIC not in kinds(text)]
    # Of Chinese ones without a checksum a few sound like prose.
    assert len(kept) <= 3, kept


@pytest.mark.parametrize(
    "text",
    [
        "请填写：付款时间、付款渠道、交易编号",
        "您好，您好，请问，在吗，谢谢，再见，谢谢",
        "助记词是什么？在哪里看？怎么保存？忘了怎么办？",
        "一、打开钱包\n二、点击设置\n三、查看备份\n四、输入密码\n五、抄写纸上",
        "第一行：姓名电话\n第二行：收货地址\n第三行：订单编号",
        "我先登录，然后充值，然后提现，然后报错，然后退出，然后再登录，然后还是不行",
        "First I open the app, then I log in, then I enter the code, then it fails, then I try it, then I call you.",
        "one card, two phones, three accounts, four banks, five notes, six calls, seven days, eight hours, nine mails",
        "Step 1: open the app. Step 2: enter the word list. Step 3: confirm. What is a seed phrase and where is mine?",
        "a b c d e f g h i j k l m n o p q r s t u v w x y z  a b c d e f g h i j k l m n o p q r s t u v w x y z",
        "my seed phrase has 12 words and I wrote them on paper but now the paper is gone, what can I do?",
    ],
)
def test_prose_stays(text: str) -> None:
    assert kinds(text) == ()


@pytest.mark.parametrize(
    "row", ["2026年3月{0}日 {0}00元", "2026-03-{0} 14:30:00 {0}00.00 元", "{0} 元", "{0}. 是，{0}00 元"]
)
def test_a_table_of_payments_is_no_phrase(row: str) -> None:
    for count in range(4, 28):
        text = "\n".join(row.format(day) for day in range(1, count))
        assert kinds(text) == ()
        assert kinds(f"助记词忘了，记录如下：\n{text}") == ()
    table = row.format(1) + "\n" + row.format(2)
    assert not set(CHINESE) & set(redact(f"{table}\n{' '.join(CHINESE)}\n{table}"))


def test_marks_are_no_characters_of_a_phrase() -> None:
    text = "航润副，[removed: recovery phrase / 已移除：助记词]，题村仅，酸派铺"
    assert guard(text).text == text
