"""The demo company: made-up data whose truth is known, to try every notebook on."""

from helpers.datasets.demo.simulation import simulate
from helpers.datasets.demo.truth import Truth, load_truth
from helpers.datasets.demo.writing import make_demo

__all__ = ["Truth", "load_truth", "make_demo", "simulate"]
