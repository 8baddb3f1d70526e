"""Benchmarks: how fast the stages are on made-up data of a stated size; nothing here is needed to run the pipeline."""
