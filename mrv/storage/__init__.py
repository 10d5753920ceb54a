"""The stores of a home. Only here are SQLAlchemy, Parquet paths and DuckDB files known; nothing heavy is imported."""
