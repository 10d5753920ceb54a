"""Proof of what was deposited when: canonical form, Merkle log, signed checkpoints, receipts. Knows nothing of the project."""
