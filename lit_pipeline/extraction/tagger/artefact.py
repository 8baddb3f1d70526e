"""The file a trained tagger is kept in: NumPy arrays only, named, with a format number and a hash.

What belongs here: writing and reading it. It holds hashed features, weights and thresholds, no text.
"""

import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lit_pipeline.extraction.tagger.chain import Transitions
from lit_pipeline.extraction.tagger.corpus import CorpusEvidence
from lit_pipeline.extraction.tagger.hashing import HashIndex
from lit_pipeline.extraction.tagger.network import Networks
from lit_pipeline.extraction.tagger.parts import TaggerParts
from lit_pipeline.extraction.tagger.sightings import Sightings
from lit_pipeline.extraction.tagger.weights import BlockWeights, ChainWeights

FORMAT = 1
"""Rises when the arrays, or the features they weigh, change their meaning."""

HASH_DIGITS = 16
"""Hexadecimal digits of a version: 64 bits."""

EPOCH = (1980, 1, 1, 0, 0, 0)
"""Time written into the archive, the earliest it can hold, so that equal contents make equal files."""

Arrays = dict[str, NDArray[Any]]


class ArtefactError(ValueError):
    """A tagger's file is missing, damaged or of another format."""


def save(parts: TaggerParts, path: Path) -> str:
    """Write the parts; returns the hash of their content."""
    arrays = _arrays(parts)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in arrays.items():
            member = io.BytesIO()
            np.lib.format.write_array(member, np.ascontiguousarray(array), allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, member.getvalue())
    return content_hash(arrays)


def load(path: Path) -> tuple[TaggerParts, str]:
    """Read the parts and the hash of their content.

    Raises:
        ArtefactError: the file is missing, is damaged, or has another format than `FORMAT`.

    """
    if not path.is_file():
        raise ArtefactError(f"no trained tagger at {path}: train one with `lit train --gold DIR`")
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise ArtefactError(f"{path} is no readable tagger: {error}") from error
    written = int(arrays["format"].item()) if "format" in arrays else 0
    if written != FORMAT:
        raise ArtefactError(
            f"{path} has format {written}, this version reads {FORMAT}: train again with `lit train --gold DIR`"
        )
    try:
        return _parts(arrays), content_hash(arrays)
    except (KeyError, TypeError) as error:
        raise ArtefactError(f"{path} has not the arrays this version reads: {error}") from error


def content_hash(arrays: Arrays) -> str:
    """Hash of names, types, shapes and values."""
    digest = hashlib.sha256()
    for name, array in sorted(arrays.items()):
        digest.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:HASH_DIGITS]


def _arrays(parts: TaggerParts) -> Arrays:
    arrays: Arrays = {
        "format": np.array([FORMAT]),
        "decision": parts.decision,
        "transitions.start": parts.chain.transitions.start,
        "transitions.step": parts.chain.transitions.step,
    }
    for name, block in parts.chain.blocks.items():
        arrays[f"chain.{name}.features"] = block.features.keys
        for place, weights in block.places.items():
            arrays[f"chain.{name}.at.{place}"] = weights.astype(np.float16)
    for prefix, part in (("corpus", parts.corpus), ("sightings", parts.sightings), ("networks", parts.networks)):
        arrays |= {f"{prefix}.{name}": value for name, value in vars(part).items()}
    return arrays


def _parts(arrays: Arrays) -> TaggerParts:
    def of(prefix: str) -> Arrays:
        return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}

    names = [name.removesuffix(".features") for name in of("chain.") if name.endswith(".features")]
    blocks = {
        name: BlockWeights(
            HashIndex(arrays[f"chain.{name}.features"]),
            {int(place): weights.astype(np.float32) for place, weights in of(f"chain.{name}.at.").items()},
        )
        for name in names
    }
    transitions = Transitions(arrays["transitions.start"], arrays["transitions.step"])
    return TaggerParts(
        ChainWeights(blocks, transitions),
        CorpusEvidence(**of("corpus.")),
        Sightings(**of("sightings.")),
        Networks(**of("networks.")),
        arrays["decision"],
    )
