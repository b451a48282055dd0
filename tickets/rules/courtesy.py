from tickets.choices import Nature


def nature_of(text: str) -> Nature:
    return Nature.THANKS if text.strip().lower() in ("thanks", "谢谢") else Nature.SUBSTANCE
