"""Raw files in, raw records out: one reader a format behind one registry, chosen by content.

What belongs here: finding the files of a landing zone, recognising their format and reading their records with
the text untouched and the place of each in its file. What does not: repairing text or dates (`cleaning/`),
deciding which records are the same paper (`dedup/`).
"""
