"""How long the database took for each answer, told in a header: the benchmark's own, no part of the product."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

HEADER = "X-Sql-Time"


class SqlTime:
    """Milliseconds and number of statements, as ``"3.214 7"``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        spent = [0.0, 0]

        def timed(execute: Callable[..., Any], *args: Any) -> Any:
            start = time.perf_counter()
            try:
                return execute(*args)
            finally:
                spent[0] += time.perf_counter() - start
                spent[1] += 1

        with connection.execute_wrapper(timed):
            response = self.get_response(request)
        response[HEADER] = f"{spent[0] * 1000:.3f} {int(spent[1])}"
        return response
