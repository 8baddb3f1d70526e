"""Cleaning: repairs the texts of records, resolves their dates, checks their identifiers and addresses.

Takes and returns Polars frames, one batch of rows at a time; the result for a row never depends on another row.
"""
