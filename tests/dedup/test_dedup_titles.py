import polars as pl
import pytest

from lit_pipeline.dedup.titles import (
    folded_title,
    is_weak,
    name_in,
    normalised_title,
    series_stem,
    title_hash,
    words_in,
)


def key_of(title: str) -> str:
    key: str = pl.DataFrame({"title": [title]}).select(normalised_title("title")).item()
    return key


def weak(title: str) -> bool:
    words = words_in(folded_title("title"))
    answer: bool = pl.DataFrame({"title": [title]}).select(is_weak("title", words)).item()
    return answer


def stem_of(title: str) -> str:
    stem: str = pl.DataFrame({"title": [title]}).select(series_stem(folded_title("title"))).item()
    return stem


@pytest.mark.parametrize(
    ("title", "same"),
    [
        (r"$\text{R}^2\text{ec}$: Towards Recommenders", "R^2ec: Towards Recommenders"),
        (r"A\textsuperscript{2}FM: An Agent", "A^2FM: An Agent"),
        (r"$\text{Transformer}^2$: Self-adaptive LLMs", "Transformer^2: Self-adaptive LLMs"),
        (r"via $\mathbf{\texttt{D}}$ual-$\mathbf{\texttt{H}}$ead", "via texttt{D}ual-texttt{H}ead"),
        (r"Codebook Size $\mathit{2^{128}}$", "Codebook Size 2^{128}"),
        ("On-Policy\n  Distillation", "On Policy Distillation"),
        ("Fréchet Distance", r"Fr\'echet distance"),
        ("$μ^2$Tokenizer", "μ^2Tokenizer"),
        (r"$\alpha$-Former", "α-Former"),
        ("Qwen2.5 Technical Report", "Qwen 2.5: Technical Report"),
        ("Speech & Text", "Speech and Text"),
        ("“Quoted” — and dashed", '"Quoted" - and dashed'),
        ("ﬁne-tuning", "Fine-Tuning"),
    ],
)
def test_what_only_looks_different_is_folded(title: str, same: str) -> None:
    assert key_of(title) == key_of(same)


@pytest.mark.parametrize(
    ("title", "other"),
    [
        ("EvTexture", "EvTexture++"),
        ("Crab: A Model", "Crab$^{+}$: A Model"),
        ("Qwen2.5", "Qwen25"),
        ("Qwen2.5", "Qwen2.5-1M"),
        ("PROP", "B-PROP"),
        ("α-Former", "β-Former"),
        ("Version 1.2.3", "Version 12.3"),
        ("Theory I", "Theory II"),
    ],
)
def test_what_tells_papers_apart_is_kept(title: str, other: str) -> None:
    assert key_of(title) != key_of(other)


def test_a_title_without_letters_stands_for_itself() -> None:
    assert [key_of("???"), key_of(" !!! ")] == ["???", "!!!"]


def test_the_hash_of_a_title_is_the_same_in_every_version() -> None:
    assert pl.DataFrame({"title": ["PolGS++"]}).select(title_hash("title")).item() == "67d78a6c06ef280e"


@pytest.mark.parametrize("title", ["Preface", "Technical Report", "A Survey", "PROP", "Agents", "Paper 12", "???"])
def test_short_and_generic_titles_are_weak(title: str) -> None:
    assert weak(title)


@pytest.mark.parametrize(
    "title",
    [
        "Qwen2.5 Technical Report",
        "TextArena",
        "DINOv3",
        "Reverse Personalization",
        "Attention Is All You Need",
        "大语言模型在多步推理任务上的系统性评测研究",
    ],
)
def test_titles_that_name_a_paper_are_not_weak(title: str) -> None:
    assert not weak(title)


@pytest.mark.parametrize(
    ("title", "other"),
    [
        ("EvTexture: Event-driven", "EvTexture++: Event-driven"),
        ("Placeholder Substructures II", "Placeholder Substructures III"),
        ("Qwen-Image-2.0 Technical Report", "Qwen-Image-2.0-RL Technical Report"),
        ("Nemotron 3 Nano: Open", "Nemotron 3 Ultra: Open"),
        ("Gauges, Part 1", "Gauges, Part 2"),
        ("A Survey of Gauges 2023", "A Survey of Gauges 2024"),
        ("Qwen2.5 Technical Report", "Qwen2.5-Coder Technical Report"),
        ("Emergent Gauges", 'Reply to "Emergent Gauges"'),
        ("Minimal 3D Splatting", "Minimal 4D Splatting"),
    ],
)
def test_members_of_a_series_share_a_stem(title: str, other: str) -> None:
    assert stem_of(title) == stem_of(other)


@pytest.mark.parametrize(
    ("title", "other"),
    [
        ("JetFlow: Fast Drafting", "JetSpec: Fast Drafting"),
        ("CAD from Vector Drawings", "CAD from Vectorized Drawings"),
        ("Reasoning in Code Models", "Reasoning in Models"),
    ],
)
def test_renamed_papers_share_no_stem(title: str, other: str) -> None:
    assert stem_of(title) != stem_of(other)


def test_the_name_stands_before_the_colon() -> None:
    names = pl.DataFrame({"title": ["WebSailor-V2: Bridging", "No colon"]}).select(name_in(folded_title("title")))
    assert names.to_series().str.replace("\x01", "-").to_list() == ["websailor-v2", None]
