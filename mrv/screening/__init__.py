"""The rule catalogue and the engine that runs it: declarations, and bodies that return the offending rows."""
