import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lit_pipeline.extraction.tagger.tokens import ranges, tokenise


def words(text: str) -> list[str]:
    tokens = tokenise(pl.Series([text]))
    return tokens.words.gather(tokens.word).to_list()


@pytest.mark.parametrize("name", ["GPT-4o", "Qwen2.5-7B-Instruct", "DINOv2", "ResNet-50", "LLaMA-13B", "o3"])
def test_a_name_with_its_version_is_one_token(name: str) -> None:
    assert words(f"We use {name} here.") == ["We", "use", name, "here", "."]


def test_a_lower_case_word_behind_a_hyphen_is_cut_off() -> None:
    assert words("BERT-based") == ["BERT", "-based"]


def test_a_title_case_suffix_is_cut_off() -> None:
    assert words("Xception-Based Training") == ["Xception", "-Based", "Training"]


def test_sentences_glued_together_are_cut_at_the_point() -> None:
    assert words("as GPT-4.In this") == ["as", "GPT-4", ".", "In", "this"]


def test_a_slash_separates() -> None:
    assert words("ViT-B/16") == ["ViT-B", "/", "16"]


def test_offsets_count_code_points() -> None:
    text = "é–ViT ran"
    tokens = tokenise(pl.Series([text]))
    places = zip(tokens.start.tolist(), tokens.end.tolist(), strict=True)
    assert [text[start:end] for start, end in places] == ["é", "–", "ViT", "ran"]


def test_rows_say_which_text_a_token_is_of() -> None:
    assert tokenise(pl.Series(["a b", None, "", "c"])).row.tolist() == [0, 0, 3]


def test_no_text_has_no_tokens() -> None:
    assert len(tokenise(pl.Series([None, ""], dtype=pl.String))) == 0


PIECES = st.text(alphabet=st.characters(exclude_characters="\x1f", exclude_categories=["Cs"]), max_size=40)


@given(st.lists(PIECES, max_size=4))
def test_tokens_are_the_text_without_its_white_space(texts: list[str]) -> None:
    tokens = tokenise(pl.Series(texts, dtype=pl.String))
    for position, text in enumerate(texts):
        of_text = tokens.row == position
        found = tokens.words.gather(tokens.word[of_text]).to_list()
        places = zip(tokens.start[of_text].tolist(), tokens.end[of_text].tolist(), strict=True)
        assert [text[start:end] for start, end in places] == found


def test_ranges_count_up_to_each_number() -> None:
    assert ranges(tokenise(pl.Series(["x"])).start + 3).tolist() == [0, 1, 2]
