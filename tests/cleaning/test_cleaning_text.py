"""What each repair of text does, and what it leaves alone. All sentences are made up here."""

import unicodedata

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lit_pipeline.cleaning.characters import MAY_COMPOSE
from lit_pipeline.cleaning.text import CHAIN, repair_frame, repair_named, repair_text

CHANGED = {
    "encoding": [
        ("FrÃ©chet distance", "Fréchet distance"),
        ("a â€œsmallâ€\x9d model", 'a "small" model'),
    ],
    "entities": [
        ("R&amp;D of &lt;mask&gt; tokens", "R&D of <mask> tokens"),
        ("escaped twice: &amp;amp;", "escaped twice: &"),
        ("a range 3&#8211;5 and &#x3b1;", "a range 3–5 and α"),
    ],
    "invisible_characters": [
        ("zero\u200bwidth and soft\u00adhyphen", "zerowidth and softhyphen"),
        ("\x1b[31mred\x1b[0m alert\x00", "red alert"),
        ("right\u202eto left", "rightto left"),
        ("join\u200der", "joiner"),
    ],
    "line_ends_and_spaces": [
        ("no\u00a0break and\u2009thin", "no break and thin"),
        ("one\r\ntwo", "one two"),
    ],
    "plain_forms": [
        ("ﬁne-tuning eﬃciency", "fine-tuning efficiency"),
        ("𝗚𝗣𝗧 and ＢＥＲＴ and ℝ", "GPT and BERT and R"),
    ],
    "plain_quotes_and_hyphens": [
        ("the model’s “best” run", 'the model\'s "best" run'),
        ("a state‑of‑the‑art gain of −3", "a state-of-the-art gain of -3"),
    ],
    "composed": [("Poincare\u0301 balls", "Poincaré balls")],
    "broken_words": [
        ("we learn- ing rates", "we learning rates"),
        ("a long-\nterm memory", "a long-term memory"),
        ("both pre-\nand post-training", "both pre- and post-training"),
    ],
    "lines_and_spaces": [
        ("Large\n  Language  Models ", "Large Language Models"),
        ("Names\n\nof two lines", "Names of two lines"),
    ],
    "lost_backslashes": [
        ("it is 1.7times faster", "it is 1.7× faster"),
        ("ImageNet 256times256", "ImageNet 256×256"),
        ("grids of 2 times 3 times 4 cells", "grids of 2 × 3 × 4 cells"),
        ("on 8timesA100 cards", "on 8×A100 cards"),
        ("costs sim 15% more", "costs ~15% more"),
        ("with sim30 images and sim 2% labels", "with ~30 images and ~2% labels"),
        ("{sim}1.5times cheaper", "~1.5× cheaper"),
        ("between 20sim40 steps", "between 20~40 steps"),
        ("from the startx2013even then", "from the start–even then"),
        ("a textbf{mu}ltiscale mathcal{B} view", "a multiscale B view"),
        ("models with leq3B weights, geq 90%", "models with ≤3B weights, ≥ 90%"),
        ("a score of 0.91pm0.02", "a score of 0.91±0.02"),
        ("pi_0 and tau^2-bench", "π_0 and τ^2-bench"),
        ("infty-RoPE and nabla^2DFT", "∞-RoPE and ∇^2DFT"),
        ("a 360^circ view", "a 360° view"),
        ("noise of C_Phi", "noise of C_Φ"),
        ("code at https://a.example/x{https://a.example/x}", "code at https://a.example/x"),
    ],
    "lost_arrows": [
        ("Paris rightarrow France", "Paris → France"),
        ("a srcrightarrowtgt pair", "a src→tgt pair"),
        ("from 6.9rightarrow7.2", "from 6.9→7.2"),
    ],
    "latex": [
        (r"Fr\'echet and T\"ULU 3", "Fréchet and TÜLU 3"),
        (r"na\"{\i}ve, Erd\H{o}s, gar\c{c}on, {\o}re", "naïve, Erdős, garçon, øre"),
        (r"a gain of 85.3\% \& more \_ here", "a gain of 85.3% & more _ here"),
        (r"$\mathcal{B}$-Coder", "B-Coder"),
        (r"an $\alpha$-fair, $\sim$15\% share", "an α-fair, ~15% share"),
        (r"about$\sim$15 days", "about ~15 days"),
        (r"$2\times$ and $33 \times$ faster", "2× and 33× faster"),
        (r"$\text{R}^2\text{ec}$ and $\mu^2$Tokenizer", "R^2ec and μ^2Tokenizer"),
        (r"$O(n\log n)$, $T^{-1/3}$, $p_{gen}$", "O(n log n), T^(-1/3), p_gen"),
        (r"$\frac{4}{17}$ of $\sqrt{T}$", "4/17 of √T"),
        (r"of 1{,}918 and 10\,000 items", "of 1,918 and 10,000 items"),
        (r"a \textbf{bold \emph{nested}} {\em old} word", "a bold nested old word"),
        (r"see \url{https://a.example/b_c}.", "see https://a.example/b_c."),
        (r"see \href{https://a.example/b}{our page}.", "see our page (https://a.example/b)."),
        (r"see \href{https://a.example/b}{\texttt{https://a.example/b}}.", "see https://a.example/b."),
        (r"as shown~\cite{one,two}.", "as shown."),
        (r"a claim\footnote{With a note}.", "a claim (With a note)."),
        (r"our \method{} wins", "our method wins"),
        (r"(\eg, this; \ie. that)", "(e.g., this; i.e. that)"),
        (r"$\log\det$ of $A\!\to\!B$", "log det of A→B"),
        (r"labels in $\{-1,0,1\}$", "labels in {-1,0,1}"),
        (r"the results$\unicode{x2013}$so far", "the results–so far"),
        (r"Safety~$\succ$~Comfort", "Safety ≻ Comfort"),
        ("a rate of $k$-NN at $5", "a rate of k-NN at $5"),
        (r"the model\'s view", "the model's view"),
    ],
    "stray_braces": [
        ("we call it {SkillNet}", "we call it SkillNet"),
        ("a Le{a}rner of {E}xperts", "a Learner of Experts"),
        ("with epsilon=8{255}", "with epsilon=8/255"),
    ],
    "html_tags": [("<b>bold</b> x<sup>2</sup>", "bold x^2")],
    "emphasis_marks": [("**P**rototype-**A**ware *attention*", "Prototype-Aware attention")],
    "ties": [("an RTX~4090 in Stage~2", "an RTX 4090 in Stage 2")],
    "quotes": [("``seen'' and `unseen' data", "\"seen\" and 'unseen' data"), ("the model`s view", "the model's view")],
    "dashes": [("fast -- and 2--3 times---even", "fast – and 2–3 times—even")],
    "glued_sentences": [
        ("an assistant.Based on it", "an assistant. Based on it"),
        ("like Phi.This is", "like Phi. This is"),
        ("MyNet:A Study of Nets", "MyNet: A Study of Nets"),
        ("models(LLMs) are big,however slow", "models (LLMs) are big, however slow"),
        ("page:https://a.example/b", "page: https://a.example/b"),
    ],
}

UNHARMED = [
    "At different times, the sim environment is similar, 3 times faster and sometimes slower.",
    "Dr.GRPO, Node.js, .NET, Fig.2, sklearn.SVC and torch.Tensor are names, as is U.S. law, e.g. here.",
    "GPT-4.1 v2.0 at github.com/An/In.Them and https://a.example/b--c/~user/d_{e",
    "sim2real, real2sim2real and sim-to-real transfer; lora_alpha stays.",
    "It costs $5 to $10 a day, or US$3 an hour.",
    "CS:GO, compar:IA and N:M sparsity; A* and B* search; 2**3; f(x,y).",
    "At 5 pm we saw approx. nothing, and x² is not ½ of ℓ.",
    'Prompts such as "a photo of a {class}" and sets {a, b} keep their braces.',
    "<think> tags </think> and <mask> stay.",
    "~15% and 1.5~2.8 are no ties.",
    "pre- and post-training, self- and cross-attention",
    "হ\u200dক and می\u200cخواهم keep their joiners",
]


def repaired(text: str) -> str:
    return str(pl.DataFrame({"text": [text]}).select(repair_text("text")).item())


@pytest.mark.parametrize(("name", "before", "after"), [(name, *pair) for name in CHANGED for pair in CHANGED[name]])
def test_repair_changes_what_it_is_for(name: str, before: str, after: str) -> None:
    result = repair_named(pl.DataFrame({"text": [before]}), ["text"])
    assert result["text"].item() == after
    assert name in result["repairs"].item().to_list()


def test_every_repair_has_an_example() -> None:
    assert set(CHANGED) == set(CHAIN.names)


@pytest.mark.parametrize("text", UNHARMED)
def test_clean_text_stays(text: str) -> None:
    assert repaired(text) == text


def test_null_stays_null_and_empty_stays_empty() -> None:
    frame = pl.DataFrame({"text": [None, ""]}, schema={"text": pl.String})
    assert repair_frame(frame, ["text"])["text"].to_list() == [None, ""]


def test_a_text_is_repaired_alike_in_any_company() -> None:
    texts = ["1.7times faster", "clean", r"\textbf{x}", None, "a.We b"]
    together = pl.DataFrame({"text": texts}).select(repair_text("text"))["text"].to_list()
    alone = [
        pl.DataFrame({"text": [text]}, schema={"text": pl.String}).select(repair_text("text")).item() for text in texts
    ]
    assert together == alone


def test_the_texts_given_are_not_touched() -> None:
    texts = pl.Series("text", ["1.7times", "clean"])
    CHAIN.run(texts)
    assert texts.to_list() == ["1.7times", "clean"]


def test_repairs_are_named_in_the_order_of_the_chain() -> None:
    frame = pl.DataFrame({"title": ["a.We b"], "abstract": [r"1.7times \& more"]})
    named = repair_named(frame, ["title", "abstract"])["repairs"].item().to_list()
    assert named == ["lost_backslashes", "latex", "glued_sentences"]


def test_lazy_frames_take_the_same_expression() -> None:
    lazy = pl.LazyFrame({"text": ["1.7times"]}).with_columns(repair_text(pl.col("text")))
    assert lazy.collect()["text"].to_list() == ["1.7×"]


CHARACTERS = "ab AI2 .,:$\\{}^_&;~*`'\"-<>/()[]\n%!#\u00e9\u0301"
PIECES = [
    r"\alpha", r"\textbf{", "}", "$", "times", "2", " ", "sim", "{", "rightarrow", "&amp;", "a.We ", "--", "~", "**",
    r"\frac{1}", r"\href{", "https://a.b/", r"\'", "e", "``", "''", "\n", "- tion", "^{", "_", "pi_0", "\\", "[", "]",
]  # fmt: skip
MARKUP = st.text(alphabet=CHARACTERS)
WORDS = st.lists(st.sampled_from(PIECES)).map("".join)


@settings(max_examples=400, deadline=None)
@given(MARKUP | WORDS | st.text())
def test_repairing_a_repaired_text_changes_nothing(text: str) -> None:
    once = repaired(text)
    assert repaired(once) == once


ENGLISH = [
    "times", "sim", "similar", "text", "hat", "bar", "top", "star", "mid", "cup", "cap", "in", "to",
    "left", "right", "arrow", "big", "small", "alpha", "beta", "pi", "mu", "approximate", "percent",
    "prime", "sharp", "flat", "models", "gets", "item", "cite", "sometimes", "runtimes", "simulation",
    "upward", "at", "pm", "url", "deg", "log",
]  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(ENGLISH)).map(" ".join))
def test_words_that_are_also_commands_stay_in_prose(text: str) -> None:
    assert repaired(text) == text


@pytest.mark.parametrize("unit", ["\\textbf{", "{", "$ ", "**a", "2 times ", "&amp;", "_{a^{b", "xrightarrow", "`a'"])
def test_a_text_built_to_nest_comes_to_rest(unit: str) -> None:
    once = repaired(unit * 3000)
    assert repaired(once) == once


def test_the_trigger_of_composition_finds_every_character_that_changes() -> None:
    changing = [c for c in map(chr, range(0xD800)) if unicodedata.normalize("NFC", c) != c]
    assert pl.Series(changing).str.contains(MAY_COMPOSE).all()
