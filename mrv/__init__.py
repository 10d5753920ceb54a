"""Judgement: the domain of Tanheng. Knows nothing of Prefect or the web."""
