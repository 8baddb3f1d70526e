"""Deduplication: which records are one paper, and what the paper's fields are.

`titles`, `shingles` and `minhash` say how texts are compared; `signatures` computes once a record all that a
comparison needs; `match` groups signatures into clusters with one survivor each; `merge` makes papers of them.
Reading and repairing texts belongs to ingest and cleaning.
"""
