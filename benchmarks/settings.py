"""The product's settings with one view more, the bare Django view that every figure is compared with, and the time that
the database took told with each answer.
"""

from helpdesk.settings import *  # noqa: F403
from helpdesk.settings import MIDDLEWARE

ROOT_URLCONF = "benchmarks.urls"
MIDDLEWARE = ["benchmarks.sql_time.SqlTime", *MIDDLEWARE]
