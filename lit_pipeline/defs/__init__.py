"""Dagster's side: names the assets, wires them, checks and observes them. All work is done elsewhere."""
