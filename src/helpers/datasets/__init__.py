"""What comes in: the contract, datasets, scores, demo and public data."""
