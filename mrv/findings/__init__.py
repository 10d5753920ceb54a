"""Findings: identity that survives a resubmission, words in two languages, impact in tonnes."""
