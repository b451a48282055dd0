"""What went wrong, told apart: would it go wrong again? And told to logs without what anybody wrote."""

from __future__ import annotations

import traceback

from django.db import Error, InterfaceError, OperationalError

#: More than a row, an index or a list of words holds (SQLSTATE, class 54). PostgreSQL calls that an operational error,
#: as it does a server that restarts.
_LIMIT_EXCEEDED = "54"


def passes(problem: BaseException) -> bool:
    """Whether it is about the engines or the machine: gone in a while, and no fault of what was being worked on."""
    if isinstance(problem, OperationalError):
        return not sqlstate(problem).startswith(_LIMIT_EXCEEDED)
    return isinstance(problem, InterfaceError | OSError)


def sqlstate(problem: BaseException) -> str:
    """As the database says; empty where it said nothing any more."""
    return getattr(problem.__cause__, "pgcode", None) or ""


def kind_and_place(problem: BaseException) -> str:
    """In one line: its type, and where it happened."""
    trace = problem.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" in {trace.tb_frame.f_code.co_qualname}, line {trace.tb_lineno}" if trace is not None else ""
    return f"{type(problem).__name__}{place}"


def steps(problem: BaseException) -> str:
    """The way to it through our code. No values, nor the exceptions' own words: they quote what they choked on."""
    causes: list[BaseException] = []
    at: BaseException | None = problem
    while at is not None and len(causes) < 5:
        causes.append(at)
        at = at.__cause__
    return "\n".join(_steps_of(cause) for cause in reversed(causes))


def _steps_of(problem: BaseException) -> str:
    said = f" {sqlstate(problem)}".rstrip() if isinstance(problem, Error) else ""
    return f"{''.join(traceback.format_tb(problem.__traceback__))}{type(problem).__name__}{said}"
