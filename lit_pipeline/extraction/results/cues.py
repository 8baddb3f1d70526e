"""Words that tell which way a number goes and what it measures, by their stems (see `features.stem`)."""

from typing import Final

import numpy as np
import polars as pl

from lit_pipeline.extraction.results.features import Keys, pack

# What a number says of its subject: that it is better, less, faster, or how far it gets.
DIRECTIONS: Final = {
    "gain": (
        "gain", "improve", "improv", "boost", "outperform", "surpass", "higher", "high", "increase", "increas", "increment",
        "exceed", "enhance", "enhanc", "better", "bett", "rise", "ris", "raise", "rais", "beat", "more", "advantage",
        "uplift", "lift", "elevat", "margin", "great", "larger", "larg", "add", "lead", "superior", "jump",
    ),
    "reduction": (
        "reduc", "reduct", "fewer", "few", "less", "lower", "low", "drop", "decreas", "decrease", "degrad", "save", "sav",
        "cut", "compress", "loss", "lose", "los", "shorter", "short", "small", "smaller", "shrink", "declin", "decline",
        "diminish", "prun", "prune", "minimiz", "trim", "slash", "overhead", "collaps", "collapse", "deteriorat", "only",
        "remov", "eliminat", "mitigat", "fall", "sparsity", "cheaper", "cheap", "lighter", "light", "suppress", "retain",
        "use", "us", "consum", "footprint", "downarrow",
    ),
    "speedup": (
        "speedup", "speedups", "faster", "fast", "accelerat", "throughput", "speed", "quick", "quicker", "rapid", "converg",
    ),
    "score": (
        "achiev", "reach", "attain", "obtain", "score", "scor", "record", "report", "yield", "hit", "rank", "solv", "win",
        "wins", "maintain", "preserv", "show", "demonstrat", "average", "averag", "rate", "rat",
    ),
}  # fmt: skip
# What is measured: a resource that is spent, a speed, or a quality.
MEASURES: Final = {
    "resource": (
        "parameter", "param", "memory", "cost", "latency", "flop", "token", "compute", "comput", "sample", "data",
        "storage", "energy", "power", "step", "epoch", "iterat", "gpu", "budget", "bandwidth", "bit", "size", "length",
        "call", "quer", "query", "overhead", "footprint", "cache", "vram", "ram", "annotat", "label", "bitrate",
    ),
    "time": ("time", "runtime", "latency", "second", "hour", "infer", "inference", "decod", "throughput", "fps", "generat", "train"),
    "error": ("error", "err", "loss", "perplexity", "wer", "cer", "fid", "fvd", "lpips", "mae", "rmse", "mse", "hallucinat", "fail", "failure", "bias", "violat", "asr"),
    "quality": (
        "accuracy", "accurac", "f", "auc", "auroc", "bleu", "rouge", "map", "miou", "iou", "ap", "psnr", "ssim", "recall",
        "precis", "performance", "success", "score", "scor", "quality", "reward", "correlat", "pass", "dice", "exact", "em",
        "win", "preference", "similarity", "consistency", "rate", "rat", "ndcg", "cider", "agreement", "coverage",
    ),
}  # fmt: skip
# Cues further away belong to another statement (tokens).
REACH: Final = 14
STEP_BOUNDS: Final = (2, 4, 7, 11)


def cue_numbers(stream: pl.DataFrame, cues: dict[str, tuple[str, ...]]) -> Keys:
    """Class of each token among `cues`, from 1 in their order; 0 for other tokens."""
    classes = {stem: number for number, stems in enumerate(cues.values(), start=1) for stem in stems}
    found = pl.col("word").replace_strict(classes, default=0, return_dtype=pl.Int64)
    return stream.select(found).to_series().to_numpy()


def nearest_cues(cues: Keys, sentences: Keys, rows: Keys) -> list[Keys]:
    """Classes and distances of the nearest cue before and after each row, in its sentence: four arrays, 0 for none."""
    length = len(cues)
    index = np.arange(length)
    before = np.maximum.accumulate(np.where(cues > 0, index, -1))
    after = np.minimum.accumulate(np.where(cues > 0, index, length)[::-1])[::-1]
    described: list[Keys] = []
    for nearest in (before, after):
        place = np.clip(nearest[rows], 0, max(length - 1, 0))
        apart = np.abs(place - rows)
        valid = (nearest[rows] == place) & (sentences[place] == sentences[rows]) & (apart <= REACH)
        described += [
            np.where(valid, cues[place], 0),
            np.where(valid, 1 + np.searchsorted(np.asarray(STEP_BOUNDS), apart, side="right"), 0),
        ]
    return described


def cue_keys(nearest: list[Keys], units: Keys, channel: int) -> Keys:
    """Features of the nearest cues of one channel (see `nearest_cues`), alone, together and with the unit."""
    before, steps_before, after, steps_after = nearest
    base = 92 + channel * 6
    columns = [
        pack(base, before, steps_before),
        pack(base + 1, after, steps_after),
        pack(base + 2, before, after),
        pack(base + 3, before, units),
        pack(base + 4, after, units),
        pack(base + 5, before * 8 + steps_before, after * 8 + steps_after, units),
    ]
    return np.stack(columns, axis=1)
