"""Words that tell what a name beside them names.

What belongs here: lists of words, nothing computed. Their meaning is learnt; only the classes that `candidates` counts are told.
"""

MODEL_NOUNS = tuple(
    "model models network networks architecture architectures llm llms vlm vlms mllm mllms lm encoder decoder transformer "
    "transformers backbone checkpoints generator family series variant variants".split()
)
METHOD_NOUNS = tuple(
    "agent agents method methods approach approaches framework frameworks algorithm algorithms strategy strategies technique "
    "techniques pipeline paradigm module modules mechanism library toolkit system systems optimizer objective loss estimator "
    "scheme solution procedure".split()
)
BENCHMARK_NOUNS = tuple(
    "benchmark benchmarks challenge leaderboard suite testbed task tasks environment environments evaluation test competition "
    "track shared".split()
)
DATASET_NOUNS = tuple("dataset datasets corpus corpora collection database set sets data".split())
OTHER_NOUNS = tuple(
    "tests baseline baselines detector policy classifier predictor generation training learning optimization code prompting "
    "sampling attention adapter tokenizer metric metrics score platform simulator tool simulation".split()
)
NOUN_CLASSES = (MODEL_NOUNS, METHOD_NOUNS, BENCHMARK_NOUNS, DATASET_NOUNS)
"""In the order of `labels.TYPES`."""

NOUNS = tuple(noun for nouns in (*NOUN_CLASSES, OTHER_NOUNS) for noun in nouns)
"""Nouns that say what the name before or after them is."""

INTRODUCING = tuple(
    "propose proposes proposed introduce introduces introducing introduced present presents presenting presented develop "
    "developed release releases released call called named dubbed termed our build construct constructed curate curated".split()
)
MEASURING = tuple("on onto across datasets benchmarks evaluate evaluated evaluating evaluation evaluations".split())
USING = tuple("using use uses used via with apply applied applying to based extend extends built into by".split())
COMPARING = tuple(
    "outperform outperforms outperforming outperformed surpass surpasses surpassing surpassed compared than over against "
    "baselines achieves achieve achieving improve improves".split()
)
LISTING = tuple("like including as and or from between in of for namely models methods algorithms".split())
TRAINING = tuple("train trained training pretrained fine-tune fine-tuning tuning tuned".split())
CUE_CLASSES = (INTRODUCING, MEASURING, USING, COMPARING, LISTING, TRAINING)
CUES = tuple(cue for cues in CUE_CLASSES for cue in cues)
"""Words that say what the name after them is there for."""
