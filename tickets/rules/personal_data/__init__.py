"""The register of personal data: every column of every table, what it holds of people, and what becomes of it.

A new field needs its line here; ``tests/tickets/rules/personal_data/test_register.py`` finds one that has none.
"""

from tickets.rules.personal_data.register import TABLES, columns_about_people, table_of
from tickets.rules.personal_data.terms import Erase, Field, Reach, Table, What

__all__ = ["TABLES", "Erase", "Field", "Reach", "Table", "What", "columns_about_people", "table_of"]
