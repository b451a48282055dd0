"""What a file says in words, as far as it can be read: plain texts in any usual encoding, Word and Excel files.

PDFs are read by ``tickets.gateways.pdf``, in a process of their own. Pictures, sound and films are read by nobody.
"""

from tickets.rules.file_texts.hidden import hidden_kinds
from tickets.rules.file_texts.office import OFFICE_KINDS, office_text
from tickets.rules.file_texts.plain import Reading, readings, written
from tickets.rules.file_texts.troubles import Unreadable, Why

__all__ = [
    "OFFICE_KINDS",
    "Reading",
    "Unreadable",
    "Why",
    "hidden_kinds",
    "office_text",
    "readings",
    "written",
]
