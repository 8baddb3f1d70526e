"""Frames that pass between the steps of the extraction stage; none of them is published."""

import dataframely as dy

from lit_pipeline.tables.entities import ENTITY_TYPES


class Texts(dy.Schema):
    """One row a paper whose texts are to be read."""

    paper_id = dy.String(primary_key=True, description="The paper.")
    title = dy.String(description="Repaired title.")
    abstract = dy.String(nullable=True, description="Repaired abstract.")


class Spans(dy.Schema):
    """One row a span of text that was found to name something, before it is linked to an entity.

    Spans of one field never overlap.
    """

    paper_id = dy.String(primary_key=True, description="The paper.")
    field = dy.Enum(["title", "abstract"], primary_key=True, description="Text it stands in.")
    start = dy.Int64(primary_key=True, min=0, description="First code point, from 0.")
    end = dy.Int64(description="Code point after the last.")
    surface = dy.String(description="Exactly the text between `start` and `end`.")
    type = dy.Enum(ENTITY_TYPES, description="What it names.")
    confidence = dy.Float64(min=0.0, max=1.0, description="Probability that the span is right, 0 to 1.")
    found_by = dy.String(description="Evidence that found it.")


class NamedSpans(Spans):
    """One row a span with the name it goes by, as its own paper tells."""

    kind = dy.Enum(["system", "data"], description="Whether it is a model or method, or a benchmark or dataset.")
    canonical = dy.String(description="Canonical name.")
    key = dy.String(description="What tells the name from others of its kind.")
    known_id = dy.String(nullable=True, description="Entity of the vocabulary, where it knows the name.")
    introduced = dy.Bool(description="Whether the paper presents the name as its own.")
