import pytest

from helpdesk.lib.environment import smtp_settings


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail", ("mail", 25, "", "", False, False)),
        ("smtp://u%40x:p%3Aw@mail?tls=starttls", ("mail", 587, "u@x", "p:w", True, False)),
        ("smtps://mail", ("mail", 465, "", "", False, True)),
        ("smtp://mail:2525?tls=ssl", ("mail", 2525, "", "", False, True)),
        ("", ("localhost", 25, "", "", False, False)),
    ],
)
def test_mail_server_from_one_url(url: str, expected: tuple[object, ...]) -> None:
    names = ("HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_TLS", "USE_SSL")
    found = smtp_settings(url)
    assert tuple(found[f"EMAIL_{name}"] for name in names) == expected
