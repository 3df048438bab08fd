"""Synthetic companies: made-up data whose truth is known, to try every notebook on."""

from helpers.datasets.demo.sector import load_sector
from helpers.datasets.demo.sector_simulation import simulate_sector
from helpers.datasets.demo.sector_writing import make_sector
from helpers.datasets.demo.simulation import simulate
from helpers.datasets.demo.truth import Truth, load_truth
from helpers.datasets.demo.writing import make_demo

__all__ = ["Truth", "load_sector", "load_truth", "make_demo", "make_sector", "simulate", "simulate_sector"]
