"""How results are shown: figures, tables and words. Nothing here computes a statistic."""
