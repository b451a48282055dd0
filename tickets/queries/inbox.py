"""The agents' queue, as its doors ask for it: which tickets a question holds, a page at a time in any order, and how
many there are. Its parts are in ``tickets/queries/queue``.
"""

from __future__ import annotations

from tickets.queries.queue.counts import COUNT_LIMIT as COUNT_LIMIT
from tickets.queries.queue.counts import counts as counts
from tickets.queries.queue.counts import forget_counts as forget_counts
from tickets.queries.queue.orders import Sort as Sort
from tickets.queries.queue.paging import PAGE_SIZE as PAGE_SIZE
from tickets.queries.queue.paging import SORTS as SORTS
from tickets.queries.queue.paging import Page as Page
from tickets.queries.queue.paging import page as page
from tickets.queries.queue.paging import page_of as page_of
from tickets.queries.queue.paging import with_columns as with_columns
from tickets.queries.queue.question import DUE_SOON as DUE_SOON
from tickets.queries.queue.question import Question as Question
from tickets.queries.queue.question import View as View
from tickets.queries.queue.question import find as find
from tickets.queries.queue.reading import unread_of as unread_of
from tickets.rules.queue import ANY as ANY_STATUS

__all__ = ["ANY_STATUS", "COUNT_LIMIT", "DUE_SOON", "PAGE_SIZE", "SORTS", "Page", "Question", "Sort", "View"]
