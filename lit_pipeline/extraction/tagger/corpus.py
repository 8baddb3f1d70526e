"""How the unlabelled abstracts use words: which are names, in what company they stand, which words are like them.

What belongs here: learning that evidence from texts without labels, and looking it up. It holds words by their hashes
only.

Words with their digits as 0 are clustered by the words around them: positive pointwise mutual information with the
words at two places before and two after (Levy, Goldberg and Dagan 2015, with context smoothing 0.75), reduced by a
randomised singular value decomposition (Halko, Martinsson and Tropp 2011), then spherical k-means.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from lit_pipeline.extraction.tagger.cues import CUES, NOUNS
from lit_pipeline.extraction.tagger.hashing import Hashes, HashIndex, string_hashes
from lit_pipeline.extraction.tagger.reading import ABSENT, Reading, numbered
from lit_pipeline.extraction.tagger.tokens import Ints, number_distinct, ranges
from lit_pipeline.extraction.tagger.wordforms import WordBags, Wordforms

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float64]

CLUSTER_COUNTS = (50, 200, 800)
"""Clusters of the coarse, middle and fine division."""

FEWEST_TO_CLUSTER = 4
"""Occurrences below which a word's company says too little."""

CONTEXT_WORDS, CONTEXT_PLACES, CONTEXT_SMOOTHING = 3000, (-2, -1, 1, 2), 0.75
DIMENSIONS, OVERSAMPLING, POWER_STEPS = 64, 16, 4
KMEANS_ROUNDS, KMEANS_BLOCK = 12, 5000

VECTOR_SIZE, VECTOR_UNITS = 16, 127
"""Coordinates kept of a word's vector, and the whole number that stands for 1."""

LOWER_SHARES = (0.001, 0.01, 0.05, 0.2, 0.5, 0.8, 0.95)
"""Edges between classes of the share of a word's occurrences, inside sentences, that are in lower case."""

FEWEST_FOR_SHARE = 3
RARE = len(LOWER_SHARES) + 1
"""Class of words seen fewer than `FEWEST_FOR_SHARE` times inside sentences."""

COMPANY_RATES = (0.02, 0.05, 0.1, 0.2, 0.4)
"""Edges between classes of the share of a name's occurrences that stand beside one telling word."""

FEWEST_IN_COMPANY, SURE_COMPANY = 2, 0.2
"""Company counts when seen this often, or in this share of a rare name's occurrences."""

COMPANY_CLASSES = len(COMPANY_RATES) + 1
CUE_CODES = len(NOUNS)
"""Codes of company: class + COMPANY_CLASSES * (position in NOUNS, or this plus the position in CUES)."""


@dataclass(frozen=True)
class CorpusEvidence:
    """What the unlabelled abstracts say of words, by hash.

    words: words as spelled; papers: the binary logarithm of 1 + papers that hold each, rounded down.
    lower_words: words in lower case; lower_share: class of each one's share in lower case.
    folded_words: words with digits as 0; clusters: one column a division; vectors: first coordinates of their company.
    company_words, company_ends, company: for names, the end of each one's codes in `company`.
    """

    words: Hashes
    papers: Bytes
    lower_words: Hashes
    lower_share: Bytes
    folded_words: Hashes
    clusters: NDArray[np.uint16]
    vectors: NDArray[np.int8]
    company_words: Hashes
    company_ends: Ints
    company: NDArray[np.uint16]


class CorpusLexicon:
    """Looks the evidence up."""

    def __init__(self, evidence: CorpusEvidence) -> None:
        """Index the evidence."""
        self.evidence = evidence
        self._words = HashIndex(evidence.words)
        self._lower = HashIndex(evidence.lower_words)
        self._folded = HashIndex(evidence.folded_words)
        self._company = HashIndex(evidence.company_words)

    def paper_logs(self, words: Wordforms) -> Ints:
        """Binary logarithm of 1 + the papers that hold each word as spelled, rounded down."""
        return _looked_up(self._words, self.evidence.papers, string_hashes(words.table["word"]), 0)

    def lower_shares(self, words: Wordforms) -> Ints:
        """Class of each word's share in lower case, `RARE` where unknown."""
        return _looked_up(self._lower, self.evidence.lower_share, words.lower, RARE)

    def clusters(self, words: pl.Series, division: int) -> Ints:
        """Cluster of each word (digits as 0) in one division, ABSENT where it has none."""
        return _looked_up(self._folded, self.evidence.clusters[:, division], string_hashes(words), ABSENT)

    def vectors(self, words: Wordforms) -> Floats:
        """First coordinates of each word's company, zeros for a word that has none: [words, VECTOR_SIZE]."""
        found = self._folded.find(string_hashes(words.table["folded"]))
        vectors = np.zeros((len(words), VECTOR_SIZE))
        vectors[found >= 0] = self.evidence.vectors[found[found >= 0]] / VECTOR_UNITS
        return vectors

    def company(self, words: Wordforms) -> tuple[Ints, Ints]:
        """Positions of words whose company is known, each as often as it has codes, and beside them the codes."""
        found = self._company.find(string_hashes(words.table["word"]))
        known = np.flatnonzero(found >= 0)
        starts = np.append(0, self.evidence.company_ends[:-1])
        sizes = (self.evidence.company_ends - starts)[found[known]] if len(known) else known
        places = np.repeat(starts[found[known]], sizes) + ranges(sizes) if len(known) else known
        return np.repeat(known, sizes), self.evidence.company[places].astype(np.int64)


def _looked_up(index: HashIndex, values: NDArray[np.unsignedinteger], hashes: Hashes, default: int) -> Ints:
    found = index.find(hashes)
    looked_up = np.full(len(hashes), default, np.int64)
    looked_up[found >= 0] = values[found[found >= 0]]
    return looked_up


def add_corpus_features(bags: WordBags, words: Wordforms, lexicon: CorpusLexicon) -> None:
    """Add to the features of distinct words what the unlabelled abstracts say of them."""
    every = np.arange(len(words))
    share = lexicon.lower_shares(words)
    capitalised = words.table["short"].is_in(["Aa", "A"]).to_numpy()
    bags.near.add("papers", every, lexicon.paper_logs(words))
    bags.near.add("lower_share", every, share)
    bags.mid.add("lower_share", every, share)
    bags.near.add("lower_share_of_name", every, 2 * share + words.name_like)
    bags.near.add("lower_share_of_capitalised", every, 2 * share + capitalised)
    _add_clusters(bags, words, lexicon)
    known, codes = lexicon.company(words)
    bags.near.add("company", known, codes)


def _add_clusters(bags: WordBags, words: Wordforms, lexicon: CorpusLexicon) -> None:
    for division in range(len(CLUSTER_COUNTS)):
        cluster = lexicon.clusters(words.table["folded"], division)
        has = np.flatnonzero(cluster != ABSENT)
        levels = (bags.near, bags.mid, bags.far) if division < len(CLUSTER_COUNTS) - 1 else (bags.near, bags.mid)
        for bag in levels:
            bag.add(f"cluster{division}", has, cluster[has])
    none = np.flatnonzero(cluster == ABSENT)
    bags.near.add("no_cluster", none)
    bags.mid.add("no_cluster", none)
    for part in ("first", "stem"):
        of_part = words.table[part].gather(none).str.replace_all(r"\p{N}+", "0")
        for division in range(len(CLUSTER_COUNTS) - 1):
            cluster = lexicon.clusters(of_part, division)
            has = np.flatnonzero(cluster != ABSENT)
            bags.near.add(f"{part}_cluster{division}", none[has], cluster[has])


def learn_corpus_evidence(reading: Reading, seed: int) -> CorpusEvidence:
    """Evidence from the texts of a reading."""
    lower_id, lower_words = number_distinct(reading.words.table["lower"])
    papers_words, papers = _paper_logs(reading)
    lower_hashes, shares = _lower_shares(reading, lower_id, lower_words)
    folded_hashes, clusters, vectors = _companions(reading, lower_id, len(lower_words), seed)
    company_words, company_ends, company = _company(reading)
    return CorpusEvidence(
        papers_words,
        papers,
        lower_hashes,
        shares,
        folded_hashes,
        clusters,
        vectors,
        company_words,
        company_ends,
        company,
    )


def _sorted_by_hash(words: pl.Series, keep: Ints) -> tuple[Hashes, Ints]:
    hashes = string_hashes(words.gather(keep))
    order = np.argsort(hashes, kind="stable")
    return hashes[order], keep[order]


def _paper_logs(reading: Reading) -> tuple[Hashes, Bytes]:
    n_words = len(reading.words)
    held = np.unique(reading.paper * n_words + reading.tokens.word) % n_words
    papers = np.bincount(held, minlength=n_words)
    hashes, order = _sorted_by_hash(reading.words.table["word"], np.arange(n_words))
    return hashes, np.floor(np.log2(papers[order] + 1)).astype(np.uint8)


def _lower_shares(reading: Reading, lower_id: Ints, lower_words: pl.Series) -> tuple[Hashes, Bytes]:
    inside = ~reading.in_title & ~reading.sentence_start
    times = np.bincount(reading.tokens.word[inside], minlength=len(lower_id)).astype(np.float64)
    is_lower = (reading.words.table["word"] == reading.words.table["lower"]).to_numpy()
    total = np.bincount(lower_id, weights=times)
    lower = np.bincount(lower_id, weights=times * is_lower)
    hashes, order = _sorted_by_hash(lower_words, np.flatnonzero(total >= FEWEST_FOR_SHARE))
    return hashes, np.digitize(lower[order] / total[order], LOWER_SHARES).astype(np.uint8)


def _company(reading: Reading) -> tuple[Hashes, Ints, NDArray[np.uint16]]:
    """Names with the classes of how often each telling word follows or precedes them."""
    cue = numbered(reading.words.table["lower"], CUES)[reading.tokens.word]
    n_codes = len(NOUNS) + len(CUES)
    absent = np.int64(ABSENT)
    after, before = reading.beside(reading.noun, 1, absent), reading.beside(cue, -1, absent)
    pairs = [
        (np.flatnonzero((neighbour != ABSENT) & reading.name_like), neighbour, shift)
        for neighbour, shift in ((after, 0), (before, CUE_CODES))
    ]
    coded = np.concatenate(
        [reading.tokens.word[at] * n_codes + neighbour[at] + shift for at, neighbour, shift in pairs]
    )
    pair, count = np.unique(coded, return_counts=True)
    word, code = pair // n_codes, pair % n_codes
    rate = count / np.bincount(reading.tokens.word, minlength=len(reading.words))[word]
    telling = (count >= FEWEST_IN_COMPANY) | (rate >= SURE_COMPANY)
    word, code, rate = word[telling], code[telling], rate[telling]
    hashes = string_hashes(reading.words.table["word"].gather(word))
    order = np.lexsort((code, hashes))
    names, counts = np.unique(hashes, return_counts=True)
    codes = code * COMPANY_CLASSES + np.digitize(rate, COMPANY_RATES)
    return names, np.cumsum(counts), codes[order].astype(np.uint16)


def _companions(
    reading: Reading, lower_id: Ints, n_lower: int, seed: int
) -> tuple[Hashes, NDArray[np.uint16], NDArray[np.int8]]:
    """Words with digits as 0 that are frequent enough: hashes, cluster in each division, first coordinates."""
    folded_id, folded = number_distinct(reading.words.table["folded"])
    token_folded, token_lower = folded_id[reading.tokens.word], lower_id[reading.tokens.word]
    times = np.bincount(token_folded, minlength=len(folded))
    kept_hashes, kept = _sorted_by_hash(folded, np.flatnonzero(times >= FEWEST_TO_CLUSTER))
    if not len(kept):
        return kept_hashes, np.zeros((0, len(CLUSTER_COUNTS)), np.uint16), np.zeros((0, VECTOR_SIZE), np.int8)
    common = np.argsort(-np.bincount(token_lower, minlength=n_lower), kind="stable")[:CONTEXT_WORDS]
    contexts = _contexts(
        reading, _positions(kept, len(folded))[token_folded], _positions(common, n_lower)[token_lower], len(kept)
    )
    generator = np.random.default_rng(seed)
    vectors = _reduced(_pointwise_information(contexts), generator)
    divisions = [_k_means(vectors, min(count, len(vectors)), generator) for count in CLUSTER_COUNTS]
    return kept_hashes, np.stack(divisions, axis=1).astype(np.uint16), _as_bytes(vectors)


def _as_bytes(vectors: Floats) -> NDArray[np.int8]:
    """The first coordinates of unit vectors as whole numbers; missing ones are 0."""
    kept = np.zeros((len(vectors), VECTOR_SIZE), np.int8)
    first = vectors[:, :VECTOR_SIZE]
    kept[:, : first.shape[1]] = np.round(first * VECTOR_UNITS)
    return kept


def _positions(chosen: Ints, size: int) -> Ints:
    positions = np.full(size, ABSENT, np.int64)
    positions[chosen] = np.arange(len(chosen))
    return positions


def _contexts(reading: Reading, word: Ints, common: Ints, n_words: int) -> sparse.csr_array:
    """How often each common word stands at each place around each word: [words, places x common words]."""
    counts = []
    for step in CONTEXT_PLACES:
        neighbour = reading.beside(common, step, np.int64(ABSENT))
        both = np.flatnonzero((word != ABSENT) & (neighbour != ABSENT))
        shape = (n_words, CONTEXT_WORDS)
        counts.append(sparse.csr_array((np.ones(len(both)), (word[both], neighbour[both])), shape=shape))
    return sparse.csr_array(sparse.hstack(counts))


def _pointwise_information(counts: sparse.csr_array) -> sparse.csr_array:
    """Positive pointwise mutual information, the contexts' frequencies smoothed."""
    coordinates = counts.tocoo()
    rows, columns = coordinates.coords
    of_word = np.asarray(counts.sum(axis=1)).ravel()
    of_context = np.asarray(counts.sum(axis=0)).ravel() ** CONTEXT_SMOOTHING
    information = np.log(coordinates.data / of_word[rows] * of_context.sum() / of_context[columns])
    positive = information > 0
    return sparse.csr_array((information[positive], (rows[positive], columns[positive])), shape=counts.shape)


def _reduced(matrix: sparse.csr_array, generator: np.random.Generator) -> Floats:
    """Unit vectors of the rows in the space of the largest singular values, each scaled by the root of its value."""
    sketch = generator.standard_normal((matrix.shape[1], DIMENSIONS + OVERSAMPLING))
    for _ in range(POWER_STEPS):
        sketch, _upper = np.linalg.qr(matrix.T @ (matrix @ sketch))
    left, values, _ = np.linalg.svd(matrix @ sketch, full_matrices=False)
    vectors = left[:, :DIMENSIONS] * np.sqrt(values[:DIMENSIONS])
    units: Floats = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.finfo(np.float64).tiny)
    return units


def _k_means(vectors: Floats, count: int, generator: np.random.Generator) -> Ints:
    """Cluster of each unit vector by cosine."""
    centres = vectors[generator.choice(len(vectors), count, replace=False)]
    nearest = np.zeros(len(vectors), np.int64)
    for _ in range(KMEANS_ROUNDS):
        blocks = range(0, len(vectors), KMEANS_BLOCK)
        nearest = np.concatenate([(vectors[at : at + KMEANS_BLOCK] @ centres.T).argmax(axis=1) for at in blocks])
        members = sparse.csr_array(
            (np.ones(len(vectors)), (nearest, np.arange(len(vectors)))), shape=(count, len(vectors))
        )
        sums = np.asarray(members @ vectors)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(lengths > 0, sums / np.maximum(lengths, np.finfo(np.float64).tiny), centres)
    return nearest
