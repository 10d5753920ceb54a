"""Revisions of the control store."""
