"""Fitting the chain, the networks, the artefact, and a whole training on papers made up for it."""

import json
import zipfile
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from lit_pipeline.evaluation.entities import Gold
from lit_pipeline.extraction.tagger import artefact, gold
from lit_pipeline.extraction.tagger.chain import Transitions, pack
from lit_pipeline.extraction.tagger.features import Block, Blocks
from lit_pipeline.extraction.tagger.fitting import (
    STEPS,
    _Objective,
    _observed,
    _parts,
    as_shipped,
    fit_chain,
    frequent_features,
)
from lit_pipeline.extraction.tagger.hashing import HashIndex
from lit_pipeline.extraction.tagger.labels import N_LABELS, illegal_starts
from lit_pipeline.extraction.tagger.model import LinearTagger, load_tagger
from lit_pipeline.extraction.tagger.network import Judgements, Schedule, train_networks
from lit_pipeline.extraction.tagger.train import TrainingReport, reliability, train
from lit_pipeline.extraction.tagger.weights import BlockWeights, ChainWeights
from lit_pipeline.extraction.vocabulary import load_vocabulary

ROW = np.array([0, 0, 0, 0, 1, 1, 1, 1])
LABELS = np.array([0, 1, 2, 0, 0, 1, 2, 0])


@pytest.fixture
def blocks() -> Blocks:
    """One block: outside, beginning and inside tokens each have a feature of their own."""
    fact = np.array([0, 1, 2, 0, 0, 1, 2, 0])
    return {"word": Block(3, np.arange(3), np.array([10, 20, 30], np.uint64), {0: fact})}


def test_weights_are_kept_in_steps_without_features_that_have_none_left() -> None:
    near, far = np.full((3, N_LABELS), 0.2 / STEPS, np.float32), np.zeros((3, N_LABELS), np.float32)
    near[0, 1], far[2, 0] = 1 + 0.4 / STEPS, -0.5
    block = BlockWeights(HashIndex(np.array([10, 20, 30], np.uint64)), {0: near, 4: far})
    transitions = Transitions(np.zeros(N_LABELS), np.zeros((N_LABELS, N_LABELS)))

    kept = as_shipped(ChainWeights({"word": block}, transitions)).blocks["word"]

    assert kept.features.keys.tolist() == [10, 30]
    assert np.argwhere(kept.places[0]).tolist() == [[0, 1]]
    assert (kept.places[0][0, 1], kept.places[4][1, 0]) == (1, -0.5)


def test_the_gradient_is_that_of_the_objective(blocks: Blocks) -> None:
    packing = pack(ROW)
    parts = _parts(blocks, {"word": frequent_features(blocks["word"])}, packing)
    objective = _Objective(parts, 3, packing, _observed(ROW, LABELS, packing), penalty=0.5)
    somewhere = np.random.default_rng(0).normal(size=(3 + 1 + N_LABELS) * N_LABELS) / 4
    direction = np.random.default_rng(1).normal(size=len(somewhere))
    step = 1e-5 * direction
    slope = (objective(somewhere + step)[0] - objective(somewhere - step)[0]) / 2e-5
    assert slope == pytest.approx(objective(somewhere)[1] @ direction, rel=1e-6)


def test_a_fitted_chain_repeats_what_it_was_shown(blocks: Blocks) -> None:
    marginals = fit_chain(blocks, ROW, LABELS, penalty=0.01).marginals(blocks, ROW)
    assert marginals.argmax(axis=1).tolist() == LABELS.tolist()
    assert marginals.sum(axis=1) == pytest.approx(1)


def test_a_text_hardly_opens_with_the_inside_of_a_name(blocks: Blocks) -> None:
    inside_everywhere = {"word": Block(3, np.arange(3), np.array([30, 30, 30], np.uint64), blocks["word"].facts)}
    marginals = fit_chain(blocks, ROW, LABELS, penalty=0.01).marginals(inside_everywhere, ROW)
    assert marginals[[0, 4]][:, illegal_starts()].max() < 1e-6


def test_rare_features_get_no_weight() -> None:
    seldom = Block(2, np.arange(2), np.array([1, 2], np.uint64), {0: np.array([0, 0, 0, 1])})
    assert frequent_features(seldom).keys.tolist() == [1]


def clouds(n_rows: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Evidence that points to a class, with noise; the classes."""
    generator = np.random.default_rng(seed)
    classes = generator.integers(0, 5, n_rows)
    evidence = np.eye(5)[classes] + generator.normal(size=(n_rows, 5)) / 10
    return evidence.astype(np.float32), np.eye(5, dtype=np.float32)[classes]


def test_networks_tell_classes_apart() -> None:
    evidence, targets = clouds(400, seed=0)
    networks = train_networks(Judgements(evidence, targets, np.ones(400, np.float32)), Schedule(2, 60), seed=1)
    probabilities = networks.probabilities(evidence)
    assert (probabilities.argmax(axis=1) == targets.argmax(axis=1)).mean() > 0.95
    assert probabilities.sum(axis=1) == pytest.approx(1)


def test_a_judgement_that_counts_little_is_outvoted() -> None:
    evidence, targets = clouds(400, seed=0)
    wrong = np.roll(targets, 1, axis=1)
    counts = np.repeat(np.array([1, 0.1], np.float32), 400)
    both = Judgements(np.tile(evidence, (2, 1)), np.concatenate([targets, wrong]), counts)
    told = train_networks(both, Schedule(2, 60), seed=1).probabilities(evidence)
    assert (told.argmax(axis=1) == targets.argmax(axis=1)).mean() > 0.95


MODELS = ("Zorbanet", "Quillformer", "Mexion-7B", "Tarvox-2")
BENCHMARKS = ("Plimbench", "Vestibule-QA", "Ostrabench", "Kelp-Eval")


def write_gold(path: Path) -> None:
    """Sixteen papers on made-up models and benchmarks."""
    pairs = [(model, benchmark) for model in MODELS for benchmark in BENCHMARKS]
    papers = [
        {
            "id": f"h{number}",
            "title": f"{model}: a network for small things",
            "abstract": f"We introduce the model {model} for speech. We test it on the {benchmark} benchmark and win.",
            "entities": [
                {"text": model, "type": "MODEL", "canonical": model},
                {"text": benchmark, "type": "BENCHMARK", "canonical": benchmark},
            ],
            "results": [],
        }
        for number, (model, benchmark) in enumerate(pairs)
    ]
    path.write_text("\n".join(json.dumps(paper) for paper in papers), encoding="utf-8")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[TrainingReport, Path]:
    folder = tmp_path_factory.mktemp("gold")
    write_gold(folder / "train.jsonl")
    unlabelled = folder / "unlabelled.jsonl"
    paper = {"title": "On speech", "abstract": "The model Zorbanet wins on the Plimbench benchmark."}
    unlabelled.write_text("\n".join([json.dumps(paper)] * 6), encoding="utf-8")
    return train(folder, unlabelled, seed=3, out=folder / "model.npz"), folder


def tagged(tagger: LinearTagger, title: str, abstract: str | None) -> pl.DataFrame:
    texts = pl.DataFrame({"paper_id": ["p"], "title": [title], "abstract": pl.Series([abstract], dtype=pl.String)})
    return tagger.tag(texts, load_vocabulary())


def test_a_trained_tagger_finds_names_it_never_saw(trained: tuple[TrainingReport, Path]) -> None:
    tagger = load_tagger(trained[0].path)
    text = "We introduce the model Wumpel for speech. We test it on the Yarrow-QA benchmark and win."
    spans = tagged(tagger, "Wumpel: a network for small things", text)
    assert dict(spans.select("surface", "type").rows()) == {"Wumpel": "model", "Yarrow-QA": "benchmark"}


def test_training_twice_gives_the_same_file(trained: tuple[TrainingReport, Path], tmp_path: Path) -> None:
    report, folder = trained
    again = train(folder, folder / "unlabelled.jsonl", seed=3, out=tmp_path / "model.npz")
    assert again.version == report.version
    assert (tmp_path / "model.npz").read_bytes() == report.path.read_bytes()


def test_training_needs_no_unlabelled_texts(trained: tuple[TrainingReport, Path], tmp_path: Path) -> None:
    assert train(trained[1], None, seed=3, out=tmp_path / "model.npz").n_unlabelled == 0


def test_papers_that_we_labelled_are_learnt_from_and_not_scored(
    trained: tuple[TrainingReport, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    papers = [{"id": f"u{at}", "title": "On speech", "abstract": f"The model Wug-{at} wins."} for at in range(5)]
    (tmp_path / "unlabelled.jsonl").write_text("\n".join(map(json.dumps, papers)), encoding="utf-8")
    labels = [{"id": f"u{at}", "entities": [{"text": f"Wug-{at}", "type": "MODEL"}]} for at in (1, 3, 99)]
    (tmp_path / "labels.jsonl").write_text("\n".join(map(json.dumps, labels)), encoding="utf-8")
    monkeypatch.setattr(gold, "FURTHER_LABELS", tmp_path / "labels.jsonl")
    read = gold.read_papers(trained[1] / "train.jsonl", tmp_path / "unlabelled.jsonl")
    assert read.gold.entities.tail(2).rows() == [("u1", "Wug-1", "model", "Wug-1"), ("u3", "Wug-3", "model", "Wug-3")]
    assert read.unlabelled["paper_id"].to_list() == ["u0", "u2", "u4"]
    assert len(read.judged.texts) == 16


def test_the_report_scores_each_paper_by_what_had_not_seen_it(trained: tuple[TrainingReport, Path]) -> None:
    scores = trained[0].cross_validation.filter(source="all", score="f1", measure="model")
    assert scores["n"].item() == 16


def test_reliability_counts_a_name_of_another_type_as_wrong() -> None:
    entities = pl.DataFrame(
        {"paper_id": ["p", "p"], "surface": ["Foo-1", "Bar"], "type": ["model", "method"], "name": ["", ""]}
    )
    found = pl.DataFrame(
        {
            "paper_id": ["p"] * 3,
            "surface": ["Foo1", "Bar", "Baz"],
            "type": ["model"] * 3,
            "confidence": [0.92, 0.96, 0.41],
        }
    )
    table = reliability(Gold(pl.DataFrame(), entities), found)
    assert table.select("from_", "names", "share_right").rows() == [(0.4, 1, 0.0), (0.9, 2, 0.5)]


def test_without_development_papers_the_report_has_no_such_scores(trained: tuple[TrainingReport, Path]) -> None:
    assert trained[0].development.is_empty()


def test_a_model_card_names_the_version_and_tells_no_sentence(trained: tuple[TrainingReport, Path]) -> None:
    card = (trained[1] / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert trained[0].version in card
    assert "We introduce" not in card


def test_the_artefact_holds_plain_arrays(trained: tuple[TrainingReport, Path]) -> None:
    with np.load(trained[0].path, allow_pickle=False) as arrays:
        assert all(arrays[name].dtype.kind in "iuf" for name in arrays.files)


def test_a_missing_artefact_is_named(tmp_path: Path) -> None:
    with pytest.raises(artefact.ArtefactError, match=r"no trained tagger at .*none\.npz"):
        load_tagger(tmp_path / "none.npz")


def test_a_damaged_artefact_is_refused(tmp_path: Path) -> None:
    damaged = tmp_path / "model.npz"
    damaged.write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(artefact.ArtefactError, match="no readable tagger"):
        load_tagger(damaged)


def test_an_artefact_of_another_format_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "model.npz"
    np.savez(other, format=np.array([artefact.FORMAT + 1]))
    with pytest.raises(artefact.ArtefactError, match="train again"):
        load_tagger(other)


def test_an_artefact_that_lacks_an_array_is_refused(trained: tuple[TrainingReport, Path], tmp_path: Path) -> None:
    cut = tmp_path / "model.npz"
    with zipfile.ZipFile(trained[0].path) as whole, zipfile.ZipFile(cut, "w") as part:
        for name in whole.namelist():
            if name != "decision.npy":
                part.writestr(name, whole.read(name))
    with pytest.raises(artefact.ArtefactError, match="has not the arrays this version reads: 'decision'"):
        load_tagger(cut)
