"""Public data: datasets built from the files of their publisher, checked byte by byte."""

from helpers.datasets.public.fetch import SOURCES, fetch

__all__ = ["SOURCES", "fetch"]
