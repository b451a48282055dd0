from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import numpy as np
import pytest

from tickets.learning import weights
from tickets.learning.training import Trained
from tickets.learning.weights import BadWeights, dump, load

Arrays = dict[str, Any]


def arrays() -> Arrays:
    """The smallest weights that are right: two columns, two categories."""
    return {
        "format": np.array([weights.FORMAT], np.int32),
        "columns": np.array([3, 7], np.uint32),
        "idf": np.ones(2, np.float32),
        "rest": np.array([5], np.float32),
        "coefficients": np.zeros((2, 2), np.float16),
        "intercepts": np.zeros(2, np.float32),
    }


def packed(values: Arrays) -> bytes:
    out = BytesIO()
    np.savez_compressed(out, **values)
    return out.getvalue()


def test_it_works(trained: Trained) -> None:
    data = dump(trained.weights)
    again = load(data)
    assert len(data) < weights.MAX_BYTES
    assert again.rest == trained.weights.rest
    for name in ("columns", "idf", "coefficients", "intercepts"):
        np.testing.assert_array_equal(getattr(again, name), getattr(trained.weights, name))
    assert load(packed(arrays())).width == 2


class Bomb:
    """Unpickled, it would act."""

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return (exec, ("raise SystemExit('unpickled')",))


WRONG: dict[str, Arrays] = {
    "objects": {"idf": np.array([Bomb(), Bomb()], dtype=object)},
    "another format": {"format": np.array([weights.FORMAT + 1], np.int32)},
    "another type": {"idf": np.ones(2, np.float64)},
    "columns out of order": {"columns": np.array([7, 3], np.uint32)},
    "a column twice": {"columns": np.array([3, 3], np.uint32)},
    "too few rows": {"coefficients": np.zeros((1, 2), np.float16)},
    "flat": {"coefficients": np.zeros(2, np.float16)},
    "too many intercepts": {"intercepts": np.zeros(3, np.float32)},
    "not a number": {"coefficients": np.full((2, 2), np.nan, np.float16)},
    "infinite": {"intercepts": np.array([np.inf, 0], np.float32)},
    "no rest": {"rest": np.zeros(0, np.float32)},
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_weights_is_refused(name: str) -> None:
    with pytest.raises(BadWeights):
        load(packed(arrays() | WRONG[name]))


@pytest.mark.parametrize(
    "data", [b"", b"PK", b"\x80\x04", packed({"format": np.array([1])}), packed(arrays())[:-30]]
)
def test_broken_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(BadWeights):
        load(data)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in arrays().items():
            inner = BytesIO()
            np.save(inner, array)
            filler = bytes(3 * weights.MAX_BYTES) if name == "columns" else b""
            archive.writestr(f"{name}.npy", inner.getvalue() + filler)
    assert len(out.getvalue()) < 1_000_000
    with pytest.raises(BadWeights, match="too large"):
        load(out.getvalue())


def test_a_head_that_promises_more_than_there_is_is_refused() -> None:
    """Else the room for it would be taken first."""
    inner = BytesIO()
    np.lib.format.write_array_header_1_0(inner, {"descr": "<f4", "fortran_order": False, "shape": (10**13,)})
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, array in arrays().items():
            whole = BytesIO()
            np.save(whole, array)
            archive.writestr(f"{name}.npy", inner.getvalue() if name == "idf" else whole.getvalue())
    with pytest.raises(BadWeights, match="head"):
        load(out.getvalue())
