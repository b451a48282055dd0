"""What the detector of secrets adds to a message: ``python -m benchmarks.secrets``.

Messages of 2 kB, as people write them and as made to take long; the middle and the slowest of twenty, in
milliseconds of the processor (a busy machine lengthens the clock's, not these).
"""

from __future__ import annotations

import os
import random
import statistics
import time

from django.conf import settings

TIMES = 400
BYTES = 2_000
ENGLISH = (
    "Hello, I withdrew 500 USDT on Monday and it has not arrived yet. The transaction number is 20260331123456 and the status page"
    " says pending. Could you please look into it? My phone is +86 138 0013 8000. "
)
CHINESE = (
    "您好，我周一提现五百元到招商银行，到今天还没有到账，订单号是20260331123456，状态一直显示处理中，请帮我看一下是什么原因。"
    "客服电话打不通，验证码也收不到。"
)


def texts() -> dict[str, str]:
    from tests.secrets_maker import Maker
    from tickets.rules.secrets.wordlists import CHINESE as CHARACTERS
    from tickets.rules.secrets.wordlists import ENGLISH as WORDS

    maker, chance = Maker(1), random.Random(1)
    return {
        "English": cut(ENGLISH * 20),
        "Chinese": cut(CHINESE * 20),
        "English without figures": cut(
            "Please help me, I cannot log in since this morning and nobody answers. " * 40
        ),
        "English with a phrase": cut(ENGLISH * 9) + maker.phrase(),
        "Chinese with a card": cut(CHINESE * 7) + maker.card(),
        "hashes and addresses": cut(" ".join(f"0x{maker.hex(64)} {maker.hex(40)}" for _ in range(40))),
        "numbers of orders": cut(" ".join(maker.digits(16) for _ in range(200))),
        "words of the list": cut(" ".join(chance.choice(list(WORDS)) for _ in range(500))),
        "characters of the list": cut("".join(chance.choice(list(CHARACTERS)) for _ in range(1000))),
    }


def cut(text: str) -> str:
    return text.encode()[:BYTES].decode(errors="ignore")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
    if not settings.configured:
        settings.configure(USE_I18N=False)
    from tickets.rules.secrets import find

    print(f"{'2 kB of':26} {'p50 ms':>8} {'p95 ms':>8}  found")
    for name, text in texts().items():
        runs = []
        for _ in range(TIMES):
            started = time.thread_time()
            found = find(text)
            runs.append((time.thread_time() - started) * 1000)
        print(
            f"{name:26} {statistics.median(runs):8.3f} {statistics.quantiles(runs, n=20)[-1]:8.3f}  {len(found)}"
        )


if __name__ == "__main__":
    main()
