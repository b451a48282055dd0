"""A trained model as arrays of numbers, and how they are kept: a ``.npz`` (a zip of arrays) that runs no code."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from math import prod
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

#: Of the layout below and of ``ngrams``: other n-grams need other weights.
FORMAT = 1
MAX_BYTES = 20 * 1024 * 1024
_TYPES: dict[str, np.dtype[Any]] = {
    "format": np.dtype(np.int32),
    "columns": np.dtype(np.uint32),
    "idf": np.dtype(np.float32),
    "rest": np.dtype(np.float32),
    "coefficients": np.dtype(np.float16),
    "intercepts": np.dtype(np.float32),
}


class BadWeights(ValueError):
    """The bytes are no weights of ours."""


@dataclass(frozen=True)
class Weights:
    """A linear model. Row ``i`` of ``coefficients`` is for column number ``columns[i]`` of the n-grams.

    ``columns`` (n,) ascending · ``idf`` (n,) what a count is multiplied by; ``rest`` the same for every column that is
    not among them · ``coefficients`` (n, k) and ``intercepts`` (k,): scores of the k categories, whose softmax is the
    confidence.
    """

    columns: NDArray[np.uint32]
    idf: NDArray[np.float32]
    rest: float
    coefficients: NDArray[np.float16]
    intercepts: NDArray[np.float32]

    @property
    def width(self) -> int:
        """How many categories it tells apart."""
        return len(self.intercepts)


def dump(weights: Weights) -> bytes:
    out = BytesIO()
    np.savez_compressed(
        out,
        format=np.array([FORMAT], np.int32),
        columns=weights.columns.astype(np.uint32),
        idf=weights.idf.astype(np.float32),
        rest=np.array([weights.rest], np.float32),
        coefficients=weights.coefficients.astype(np.float16),
        intercepts=weights.intercepts.astype(np.float32),
    )
    data = out.getvalue()
    if len(data) > MAX_BYTES:
        raise BadWeights(f"{len(data)} bytes of weights are more than {MAX_BYTES}")
    return data


def load(data: bytes) -> Weights:
    """Raises BadWeights for anything but what ``dump`` makes, before memory is spent on it."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            arrays = {name: _array(archive, name, dtype) for name, dtype in _TYPES.items()}
    except BadWeights:
        raise
    except (
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        EOFError,
        OSError,
        NotImplementedError,
        RuntimeError,
    ) as problem:
        raise BadWeights(str(problem)) from problem
    if arrays["format"].tolist() != [FORMAT]:
        raise BadWeights("weights of another format")
    return _checked(arrays)


def _array(archive: zipfile.ZipFile, name: str, dtype: np.dtype[Any]) -> NDArray[Any]:
    """The head first: what it promises must be what the member holds, and of the type we keep."""
    member = archive.getinfo(f"{name}.npy")
    if member.file_size > 2 * MAX_BYTES:
        raise BadWeights(f"{name} is too large")
    with archive.open(member) as file:
        if npy.read_magic(file) != (1, 0):
            raise BadWeights(f"{name} is of another version")
        shape, _order, found = npy.read_array_header_1_0(file)
        if found != dtype or prod(shape) * dtype.itemsize + file.tell() != member.file_size:
            raise BadWeights(f"{name} is not what its head says")
    with archive.open(member) as file:
        array: NDArray[Any] = npy.read_array(file, allow_pickle=False)
    return array


def _checked(arrays: dict[str, NDArray[Any]]) -> Weights:
    columns, coefficients = arrays["columns"], arrays["coefficients"]
    shapes: Sequence[tuple[int, ...]] = [
        arrays[name].shape for name in ("columns", "idf", "rest", "intercepts")
    ]
    wanted = [(len(columns),), (len(columns),), (1,), (coefficients.shape[-1],)]
    if (
        columns.ndim != 1
        or coefficients.ndim != 2
        or list(shapes) != wanted
        or len(coefficients) != len(columns)
    ):
        raise BadWeights("the arrays do not fit together")
    if np.any(np.diff(columns.astype(np.int64)) <= 0):
        raise BadWeights("the columns are not in order")
    if not all(np.isfinite(arrays[name]).all() for name in ("idf", "rest", "coefficients", "intercepts")):
        raise BadWeights("not all weights are numbers")
    return Weights(columns, arrays["idf"], float(arrays["rest"][0]), coefficients, arrays["intercepts"])
