"""Where things lie on disk: the layout of the warehouse, incremental segments, atomic writes."""
