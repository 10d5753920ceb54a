"""The rules, one module per subject; each module ends with `RULES`."""
