"""Runs the pure stages over what is new: which files, records and texts have no stored output yet, batch by batch.

Knows about stores and progress, not about Dagster.
"""
