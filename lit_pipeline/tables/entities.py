"""Tables of the extraction level: named models, methods, benchmarks and datasets, and the results reported."""

import dataframely as dy

ENTITY_TYPES = ("model", "method", "benchmark", "dataset")
RESULT_KINDS = ("score", "gain", "speedup", "reduction")


class Entities(dy.Schema):
    """One row a named model, method, benchmark or dataset."""

    entity_id = dy.String(primary_key=True, description="Type, colon, slug of the canonical name: 'model:llama-3'.")
    type = dy.Enum(ENTITY_TYPES, description="What it is.")
    name = dy.String(description="Canonical name.")
    family = dy.String(nullable=True, description="Family the name belongs to: 'Llama' for 'Llama 3'.")
    aliases = dy.List(dy.String(), description="Other surface forms seen or known, sorted.")
    introduced_by = dy.String(nullable=True, description="Paper that introduced it, where one says so.")
    first_seen_on = dy.Date(nullable=True, description="Earliest publication day of a paper that names it.")
    n_papers = dy.Int64(min=1, description="Papers that name it.")


class Mentions(dy.Schema):
    """One row a place in a title or an abstract where an entity is named."""

    paper_id = dy.String(primary_key=True, description="The paper.")
    entity_id = dy.String(description="The entity named.")
    type = dy.Enum(ENTITY_TYPES, description="Type of the entity.")
    surface = dy.String(description="Surface form: exactly the text between `start` and `end`.")
    field = dy.Enum(["title", "abstract"], primary_key=True, description="Text it stands in.")
    start = dy.Int64(primary_key=True, min=0, description="First code point, from 0.")
    end = dy.Int64(primary_key=True, description="Code point after the last.")
    confidence = dy.Float64(min=0.0, max=1.0, description="Probability that the mention is right, 0 to 1.")
    found_by = dy.String(description="Evidence that found it, such as 'vocabulary', 'title_rule' or 'tagger'.")


class Results(dy.Schema):
    """One row a number that an abstract reports as a result."""

    paper_id = dy.String(primary_key=True, description="The paper.")
    model_id = dy.String(
        nullable=True, description="Entity of the model or method the result is for, where the text says."
    )
    benchmark_id = dy.String(
        nullable=True, description="Entity of the benchmark it was measured on, where the text says."
    )
    metric = dy.String(nullable=True, description="Metric as written.")
    value = dy.Float64(description="The number, without sign or unit.")
    unit = dy.String(nullable=True, description="'%', 'x', 'points' or null.")
    kind = dy.Enum(RESULT_KINDS, description="Absolute level, gain, speedup or reduction.")
    baseline = dy.Float64(nullable=True, description="The number it is compared with: 61.3 in 'from 61.3% to 66.4%'.")
    quote = dy.String(description="Text around the value, exactly as in the abstract.")
    start = dy.Int64(primary_key=True, min=0, description="First code point of the value in the abstract, from 0.")
    end = dy.Int64(primary_key=True, description="Code point after the value's last.")
    confidence = dy.Float64(min=0.0, max=1.0, description="Probability that the row is right, 0 to 1.")
