"""The product's settings with one view more: the bare Django view that every figure is compared with."""

from helpdesk.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
