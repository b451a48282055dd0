from __future__ import annotations

import pytest

from tickets.learning import examples
from tickets.learning.training import Sample, Trained, train

#: Six categories are enough to see whether it works, and learned in a second.
SLUGS = ("recharge", "withdrawal", "login", "kyc", "unbinding", "refund")


@pytest.fixture(scope="session")
def samples() -> list[Sample]:
    return list(examples.of(SLUGS))


@pytest.fixture(scope="session")
def trained(samples: list[Sample]) -> Trained:
    return train(samples)
