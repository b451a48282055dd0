import socket

import pytest


def test_the_network_is_out_of_reach() -> None:
    with socket.socket() as attempt, pytest.raises(RuntimeError, match=r"192\.0\.2\.1:80"):
        attempt.connect(("192.0.2.1", 80))
