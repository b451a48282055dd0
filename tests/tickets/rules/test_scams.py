from __future__ import annotations

import pytest

from tickets.choices import ScamKind
from tickets.rules.scams import Sign, guess, is_ours, key_of, read_sign, signs_in, text_keys

K = ScamKind


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        (K.LINK, "HTTPS://Evil-Wallet.COM/", "https://evil-wallet.com"),
        (K.LINK, "evil-wallet.com/Pay?id=7#top", "http://evil-wallet.com/Pay?id=7"),
        (K.LINK, "hxxps://evil[.]com/pay", "https://evil.com/pay"),
        (K.LINK, "evil．com", "http://evil.com"),
        (K.LINK, "https://user:pw@evil.com:8080/a/", "https://evil.com:8080/a"),
        (K.LINK, "http://支付.公司/x", "http://xn--4bs0t.xn--55qx5d/x"),
        (K.LINK, "http://203.0.113.7/login", "http://203.0.113.7/login"),
        (K.PHONE, "138 0013 8000", "+8613800138000"),
        (K.PHONE, "95-519", "95519"),
        (K.EMAIL, "Help@Evil.COM", "help@evil.com"),
        (
            K.WALLET,
            "0x52908400098527886E0F7030069857D2E4169EE7",
            "0x52908400098527886E0F7030069857D2E4169EE7",
        ),
        (K.ACCOUNT, "@BTP_Support", "btp_support"),
    ],
)
def test_one_spelling(kind: ScamKind, typed: str, value: str) -> None:
    found = read_sign(kind, typed)
    assert found is not None
    if "公司" in typed:
        assert found.value.startswith("http://xn--")
    else:
        assert found.value == value


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (K.LINK, "javascript:alert(1)"),
        (K.LINK, "not a link"),
        (K.LINK, "http://"),
        (K.LINK, "http://[::1"),
        (K.LINK, "file:///etc/passwd"),
        (K.LINK, "x" * 501),
        (K.PHONE, "hello"),
        (K.EMAIL, "a@b"),
        (K.WALLET, "abandon abandon about"),
        (K.ACCOUNT, ""),
        (K.PICTURE, "anything"),
    ],
)
def test_what_is_none(kind: ScamKind, typed: str) -> None:
    assert read_sign(kind, typed) is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("link", "http://www.evil.com/a"), ("link", "https://pay.evil.com/b?x=1"), True),
        (("link", "http://evil.com"), ("email", "boss@evil.com"), True),
        (("link", "http://evil.com"), ("link", "http://evil.org"), False),
        # Many people's pages lie on these: only the very same address is the same campaign.
        (("link", "https://t.me/btp_one"), ("link", "https://t.me/btp_two"), False),
        (("link", "https://t.me/btp_one"), ("link", "http://t.me/BTP_one"), True),
        (("email", "a@gmail.com"), ("email", "b@gmail.com"), False),
        # Below a public suffix each is somebody else's.
        (("link", "https://one.github.io"), ("link", "https://two.github.io"), False),
        (("phone", "+8613800138000"), ("phone", "+8613800138000"), True),
        (("wallet", "0xAB" + "0" * 38), ("wallet", "0xab" + "0" * 38), True),
        (("wallet", "TAbc" + "1" * 30), ("wallet", "Tabc" + "1" * 30), False),
    ],
)
def test_what_belongs_together(one: tuple[str, str], other: tuple[str, str], same: bool) -> None:
    keys = [key_of(Sign(ScamKind(kind), value)) for kind, value in (one, other)]
    assert (keys[0] == keys[1]) is same


SMS = (
    "【{brand}】您的账户存在异常登录，为避免资金损失请立即点击 {link} 完成实名认证，"
    "逾期账户将被永久冻结，客服电话 {phone}，退订回T"
)


def test_nearly_the_same_words_share_a_key_whatever_address_and_number() -> None:
    one = text_keys(SMS.format(brand="比太钱包", link="http://a1.com/x", phone="4008123456"))
    other = text_keys(SMS.format(brand="波宝钱包", link="https://b2.net/yyy", phone="13800138000"))
    different = text_keys(
        "您好，我想咨询一下提现到账的时间，昨天下午申请的提现到今天早上还没有到账，"
        "请帮我查一下，谢谢，我的卡是建设银行的。"
    )
    assert len(one) == 8
    assert set(one) & set(other)
    assert not set(one) & set(different)


def test_short_words_are_alike_by_chance() -> None:
    assert text_keys("They called me.") == []


def test_signs_in_a_message() -> None:
    found = signs_in(
        "点 hxxp://evil[.]com/a ，或者写信 boss@evil.net，打 138 0013 8000 。版本 3.5 和 v1.2 不是。"
    )
    assert {(sign.kind, sign.value) for sign in found} == {
        (K.LINK, "http://evil.com/a"),
        (K.EMAIL, "boss@evil.net"),
        (K.PHONE, "+8613800138000"),
    }


def test_signs_are_bounded() -> None:
    assert len(signs_in(" ".join(f"http://evil{n}.com" for n in range(100)))) == 12


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("evil.com", K.LINK),
        ("a@evil.com", K.EMAIL),
        ("+86 138 0013 8000", K.PHONE),
        ("T" + "1" * 33, K.WALLET),
        ("@support_btp", K.ACCOUNT),
    ],
)
def test_guess(typed: str, kind: ScamKind) -> None:
    found = guess(typed)
    assert found is not None
    assert found.kind == kind


def test_guess_of_a_sentence_is_none() -> None:
    assert guess("somebody called me") is None


def test_what_is_ours() -> None:
    assert is_ours(Sign(K.LINK, "https://help.btp.com/x"), {"btp.com"})
    assert is_ours(Sign(K.EMAIL, "a@btp.com"), {"www.btp.com"})
    assert not is_ours(Sign(K.LINK, "https://btp.com.evil.net"), {"btp.com"})
    assert not is_ours(Sign(K.PHONE, "+8613800138000"), {"btp.com"})
