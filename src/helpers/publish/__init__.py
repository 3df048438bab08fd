"""How notebooks become reports: run, render, index."""
