"""The same working as a Chinese reader has it: 调休, pauses, weeks told as one."""

import pytest
from django.utils import translation

from tests.tickets.explained import Story, mark, opened, running

CASES: dict[str, tuple[Story, list[str]]] = {
    "over a holiday": (
        running("2026-09-30 17:40", 4, now="2026-09-30 17:40", calendar="office"),
        [
            "9月30日 周三 17:40 起4小时工作时间，不计国庆节：10月8日 周四 12:40",
            "创建：9月30日 周三 17:40（上海时间）",
            "9月30日 周三 17:40 – 18:00：将计入20分钟",
            "10月1日 周四 – 7日 周三：不上班，国庆节",
            "10月8日 周四 09:00 – 12:40：将计入3小时40分",
            "到期：10月8日 周四 12:40",
        ],
    ),
    "make-up Saturday, after a pause": (
        Story(
            [
                opened("2026-10-09 10:00", 4),
                mark("2026-10-09 10:20", "paused", "waiting_for_customer", "李雷", used=1 / 3, hours=4),
                mark("2026-10-10 09:00", "resumed", "customer_wrote", "赵敏", used=1 / 3, hours=4),
            ],
            "2026-10-10 09:30",
        ),
        [
            "10月9日 周五 10:00 起4小时工作时间，不计1次暂停：10月10日 周六 13:40",
            "创建：10月9日 周五 10:00（上海时间）",
            "10月9日 周五 10:00 – 10:20：计入20分钟",
            "10月9日 周五 10:20 – 10月10日 周六 09:00：暂停计时（李雷：等待客户）",
            "10月10日 周六 09:00：继续计时（赵敏：客户来信），还剩3小时40分",
            "10月10日 周六 09:00 – 09:30（补班）：计入30分钟",
            "现在，10月10日 周六 09:30：已用50分钟，还剩3小时10分",
            "10月10日 周六 09:30 – 12:00（补班）：将计入2小时30分",
            "10月10日 周六 12:00 – 13:00：休息",
            "10月10日 周六 13:00 – 13:40（补班）：将计入40分钟",
            "到期：10月10日 周六 13:40",
        ],
    ),
    "weeks": (
        running("2026-03-06 17:00", 41, now="2026-03-06 17:00"),
        [
            "3月6日 周五 17:00 起41小时工作时间，不计周六和周日：3月13日 周五 18:00",
            "创建：3月6日 周五 17:00（上海时间）",
            "3月6日 周五 17:00 – 18:00：将计入1小时",
            "3月7日 周六 – 8日 周日：休息日",
            "3月9日 周一 – 12日 周四，4个工作日：将计入32小时",
            "3月13日 周五 09:00 – 18:00：将计入8小时",
            "到期：3月13日 周五 18:00",
        ],
    ),
}


@pytest.mark.parametrize(("story", "told"), CASES.values(), ids=CASES.keys())
def test_told_in_chinese(story: Story, told: list[str]) -> None:
    with translation.override("zh-hans"):
        assert story.told() == told
