"""Emissions by the rules in force: pure formulas, assembled per sector. Exact decimals throughout."""
