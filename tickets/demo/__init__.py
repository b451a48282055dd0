"""A helpdesk with a past, for trying things out: three wallets, their people, and some thousand invented cases.

material.py   the texts and tables of this folder's YAML files
world.py      configuration and people, written as an operator would have entered them
promises.py   the promises about time, and the statutes that hold
knowledge.py  sections and articles
story.py      what a case is before it is rows: who said and did what, when
plot.py       invents stories, from a seed; pure
desk.py       what the writer looks up, read once
clocks.py     the promises of a case while its story is told
sweep.py      what happened when one of them came near its end, or passed it
draft.py      tells one story: the rows that ``tickets.actions`` would have written, without sending anything
writer.py     many drafts into the database at once

A test holds the writer equal to the actions. Nothing outside this folder and ``load_demo`` depends on it.
"""
