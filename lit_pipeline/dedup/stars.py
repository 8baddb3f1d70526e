"""Clusters as stars: every member is tied directly to its survivor, so that no chain of likeness joins strangers."""

import numpy as np
import numpy.typing as npt

from lit_pipeline.dedup.words import Indices, Mask


def survivors(n_nodes: int, left: Indices, right: Indices, weight: npt.NDArray[np.float64]) -> Indices:
    """Survivor of each node; a survivor's is itself.

    Nodes are taken from the best, 0, to the last. One that is tied to no better survivor survives; any other joins
    the survivor it is tied to by the greatest weight, the better one where two weigh the same. The rounds below give
    this result for all nodes at once.

    Args:
        n_nodes: number of nodes, numbered by rank.
        left: better node of each tie.
        right: worse node of each tie.
        weight: strength of each tie.
    """
    survives = _surviving(n_nodes, left, right)
    ties = survives[left] & ~survives[right]
    left, right, weight = left[ties], right[ties], weight[ties]
    strongest = np.lexsort((left, -weight, right))
    joined, first = np.unique(right[strongest], return_index=True)
    survivor = np.arange(n_nodes)
    survivor[joined] = left[strongest][first]
    return survivor


def _surviving(n_nodes: int, left: Indices, right: Indices) -> Mask:
    """Whether each node is tied to no better node that survives."""
    open_nodes = np.ones(n_nodes, np.bool_)
    survives = np.zeros(n_nodes, np.bool_)
    while len(left):
        waits = np.zeros(n_nodes, np.bool_)
        waits[right] = True
        survives[left[~waits[left]]] = True
        open_nodes[right[survives[left]]] = False
        undecided = open_nodes[left] & open_nodes[right] & ~survives[left]
        left, right = left[undecided], right[undecided]
    return survives | open_nodes
