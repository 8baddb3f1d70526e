"""Raw captures of machine-learning papers in, a queryable database of models, benchmarks and results out."""
