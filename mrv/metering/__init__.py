"""Meter readings to hourly and monthly quantities, exactly, and the conservative meter correction."""
