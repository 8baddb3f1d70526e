"""Names that a paper writes in two ways are one entity: long forms and acronyms, tails of longer names."""

from datetime import date

import polars as pl
import pytest

from lit_pipeline.extraction.link import link
from lit_pipeline.extraction.model_names import without_size_and_variant
from lit_pipeline.extraction.vocabulary import Vocabulary
from lit_pipeline.tables.extraction import Spans
from lit_pipeline.tables.schema import polars_schema


def names_of(title: str, abstract: str, *surfaces: str, vocabulary: Vocabulary) -> dict[str, str]:
    """Entity name of each surface of one paper, all of them models."""
    rows = [
        ("p", field, text.find(surface), text.find(surface) + len(surface), surface, "model", 0.9, "tagger")
        for field, text in (("title", title), ("abstract", abstract))
        for surface in surfaces
        if surface in text
    ]
    spans = pl.DataFrame(rows, schema=polars_schema(Spans), orient="row")
    papers = pl.DataFrame(
        {"paper_id": ["p"], "title": [title], "abstract": [abstract], "published_on": [date(2025, 1, 1)]}
    )
    linked = link(spans, papers, vocabulary)
    named = linked.mentions.join(linked.entities, on="entity_id").select("surface", "name").unique()
    return dict(named.iter_rows())


@pytest.mark.parametrize(
    ("title", "abstract", "long_form", "acronym"),
    [
        ("On gauges", "We train a Recurrent Tidal Gauge (RTG) on harbours.", "Recurrent Tidal Gauge", "RTG"),
        ("On gauges", "A Tidal Language Model (TideLM) reads gauges.", "Tidal Language Model", "TideLM"),
        ("On gauges", "Our Three-way Routed Gauges (TRG3) read harbours.", "Three-way Routed Gauges", "TRG3"),
        ("TidalBERT: Tidal Bidirectional Encoder for Tides", "None.", "Tidal Bidirectional Encoder for Tides",
         "TidalBERT"),
        ("On gauges", "We fit a Tidal Ensemble model (TiEn) on harbours.", "Tidal Ensemble", "TiEn"),
        ("QTM 2.0: Gauges Read Anew", "The Quick Tidal Machine reads gauges.", "Quick Tidal Machine", "QTM 2.0"),
        ("On gauges", "We call it the Forgetting Tide (FoX).", "Forgetting Tide", "FoX"),
        ("On gauges", "We name it “Latent Tidal Gauging” (LATIG).", "Latent Tidal Gauging", "LATIG"),
        ("On gauges", "We propose TSG-NN, a Tidal Spatiotemporal Gauge Neural Network.",
         "Tidal Spatiotemporal Gauge Neural Network", "TSG-NN"),
        ("T3: Tidal Turning Tables", "None.", "Tidal Turning Tables", "T3"),
        ("TideUp: A Tidal Gauge Network", "None.", "Tidal Gauge Network", "TideUp"),
        ("On gauges", "We fit a Limb-Aware Tide Network named PL-TIDE.", "Limb-Aware Tide Network", "PL-TIDE"),
        ("On gauges", "We propose a gauge with residual value (ResGauge).", "gauge with residual value", "ResGauge"),
        ("On gauges", "We fit the Tidal 1-Dimensional Gauge (TiGa) on harbours.", "Tidal 1-Dimensional Gauge", "TiGa"),
        ("On gauges", "We fit Looped Discrete Tide Models (LDTMs) here.", "Looped Discrete Tide", "LDTMs"),
        ("On gauges", "GAUGERS is fast. GAUGe-Ensemble Reading Sampler is its name.", "GAUGe-Ensemble Reading Sampler",
         "GAUGERS"),
    ],
)  # fmt: skip
def test_a_long_form_goes_by_its_acronym(
    names: Vocabulary, title: str, abstract: str, long_form: str, acronym: str
) -> None:
    named = names_of(title, abstract, long_form, acronym, vocabulary=names)
    assert set(named.values()) == {acronym.removesuffix("s")}


@pytest.mark.parametrize(
    ("abstract", "surfaces"),
    [
        ("We add a Policy Head to TideWorld; TideWorld-policy wins.", ("TideWorld", "TideWorld-policy")),
        ("Tide Segment Model 2 follows on TSM, which is older.", ("Tide Segment Model 2", "TSM")),
        ("Tide-4-turboflow costs less than TideO4 does.", ("Tide-4-turboflow", "TideO4")),
        ("Harbour Gauge (Xylo) is what we compare.", ("Harbour Gauge", "Xylo")),
        ("TIDAL-GAUGE-X beats TIDAL-g by far.", ("TIDAL-GAUGE-X", "TIDAL-g")),
        ("Harbour Gauge Network, like Xylo, is fast.", ("Harbour Gauge Network", "Xylo")),
        ("We train a Y-shaped Vision Transformer (ViT) on tides.", ("Y-shaped Vision Transformer", "ViT")),
    ],
)
def test_what_spells_nothing_out_stays_apart(names: Vocabulary, abstract: str, surfaces: tuple[str, str]) -> None:
    assert len(set(names_of("On gauges", abstract, *surfaces, vocabulary=names).values())) == 2


def test_a_known_long_form_keeps_its_name_before_an_unknown_acronym(names: Vocabulary) -> None:
    named = names_of(
        "On ViTs", "We prune a Vision Transformer (VTF) here.", "Vision Transformer", "VTF", vocabulary=names
    )
    assert named == {"Vision Transformer": "ViT", "VTF": "ViT"}


def test_the_acronym_beside_a_long_form_comes_before_one_that_is_spelled_by_it(names: Vocabulary) -> None:
    named = names_of(
        "On gauges",
        "360YOWO extends You Only Wade Once (YOWO).",
        "360YOWO",
        "You Only Wade Once",
        "YOWO",
        vocabulary=names,
    )
    assert named["You Only Wade Once"] == "YOWO"


def test_the_plural_of_a_long_form_goes_by_the_acronym_too(names: Vocabulary) -> None:
    named = names_of(
        "Tidal Turning Gauges",
        "We train a Tidal Turning Gauge (TiTuG) here.",
        "Tidal Turning Gauges",
        "Tidal Turning Gauge",
        "TiTuG",
        vocabulary=names,
    )
    assert set(named.values()) == {"TiTuG"}


@pytest.mark.parametrize(
    ("long_form", "version", "name"),
    [("Vision Transformer", "ViT 2", "ViT"), ("Stable Tide", "ST3.5", "Stable Tide")],
)
def test_a_known_long_form_is_not_that_of_a_version(names: Vocabulary, long_form: str, version: str, name: str) -> None:
    named = names_of("On ViTs", f"A {long_form} beside {version}.", long_form, version, vocabulary=names)
    assert named[long_form] == name


def test_a_version_with_and_without_point_zero_is_one(names: Vocabulary) -> None:
    named = names_of("On gauges", "Gauge3D 2.0 follows Gauge3D-2.", "Gauge3D 2.0", "Gauge3D-2", vocabulary=names)
    assert len(set(named.values())) == 1


def test_a_longer_version_keeps_its_zero(names: Vocabulary) -> None:
    named = names_of("On gauges", "Gauge 2.0.1 follows Gauge 2.1.", "Gauge 2.0.1", "Gauge 2.1", vocabulary=names)
    assert len(set(named.values())) == 2


def test_the_tail_of_a_longer_name_goes_by_it(names: Vocabulary) -> None:
    abstract = "Skyharbour-G1 reads gauges; G1-7B is its small sister."
    named = names_of("On gauges", abstract, "Skyharbour-G1", "G1-7B", vocabulary=names)
    assert named == {"Skyharbour-G1": "Skyharbour-G1", "G1-7B": "Skyharbour-G1"}


@pytest.mark.parametrize(
    ("surface", "bare"),
    [
        ("Wan2.2-I2V-A14B", "Wan2.2"),
        ("Llama 3.3 70B Q4", "Llama 3.3"),
        ("LLaVA-1.6-Mistral-7B", "LLaVA-1.6"),
        ("DeepSeek-R1-Distill-Llama-8B", "DeepSeek-R1-Distill-Llama"),
        ("EfficientNet-B4", "EfficientNet"),
        ("BLOOM-7B1", "BLOOM"),
        ("BGE-large-zh", "BGE"),
        ("YOLOv8n", "YOLOv8"),
        ("EfficientNet-b0", "EfficientNet"),
        ("Gemma-3-12B-IT", "Gemma-3"),
        ("Brain-IT", "Brain-IT"),
        ("UltraWan-1K/-4K", "UltraWan"),
        ("facebook/opt-350m", "opt"),
        ("YOLO11x-seg", "YOLO11"),
        ("o3-mini (high)", "o3-mini"),
        ("Gemini-3.1-Pro-Preview", "Gemini-3.1-Pro"),
        ("Qwen3-VL-30A3B", "Qwen3-VL"),
        ("FLUX.1-dev", "FLUX.1"),
        ("GPT-4", "GPT-4"),
        ("MiniMax-M1", "MiniMax-M1"),
    ],
)
def test_sizes_weights_and_backbones_are_no_part_of_a_name(surface: str, bare: str) -> None:
    assert pl.select(without_size_and_variant(pl.lit(surface))).item() == bare


def entity_ids(abstract: str, surface: str, vocabulary: Vocabulary) -> list[str]:
    rows = [
        ("p", "abstract", abstract.find(surface), abstract.find(surface) + len(surface), surface, "model", 0.9, "rules")
    ]
    spans = pl.DataFrame(rows, schema=polars_schema(Spans), orient="row")
    papers = pl.DataFrame(
        {"paper_id": ["p"], "title": ["On tides"], "abstract": [abstract], "published_on": [date(2025, 1, 1)]}
    )
    return link(spans, papers, vocabulary).mentions["entity_id"].to_list()


def test_an_acronym_that_the_paper_spells_out_otherwise_is_another_entity(names: Vocabulary) -> None:
    ids = entity_ids("A Violet Intertidal Thermometer (ViT) hangs in the harbour. ViT is read hourly.", "ViT", names)
    assert ids == ["model:vit-violetintertidalthermometer"]


def test_an_acronym_that_the_paper_spells_out_as_known_is_the_known_entity(names: Vocabulary) -> None:
    assert entity_ids("A Vision Transformer (ViT) reads the harbour's gauges.", "ViT", names) == ["model:vit"]


def test_an_acronym_that_no_paper_spells_out_is_the_known_entity(names: Vocabulary) -> None:
    assert entity_ids("ViT reads the harbour's gauges.", "ViT", names) == ["model:vit"]
