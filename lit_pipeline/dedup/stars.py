"""Clusters as stars: every member is tied directly to its survivor, so that no chain of likeness joins strangers."""

import numpy as np
import numpy.typing as npt

from lit_pipeline.dedup.words import Indices, Mask

Weights = npt.NDArray[np.float64]


def survivors(precedes: Mask, left: Indices, right: Indices, weight: Weights) -> Indices:
    """Survivor of each node; a survivor's is itself.

    Nodes are taken in order: those that `precedes` first, then those with more ties, which stand amid their like,
    then those with lower numbers. A node that is tied to no survivor before it survives; any other joins the survivor
    it is tied to by the greatest weight, the earlier one where two weigh the same.

    Args:
        precedes: whether each node is taken before all that don't; no two of them may be tied.
        left: one node of each tie, each pair of nodes once.
        right: the other.
        weight: strength of each tie.
    """
    n_nodes = len(precedes)
    n_ties = np.bincount(left, minlength=n_nodes) + np.bincount(right, minlength=n_nodes)
    order = np.lexsort((np.arange(n_nodes), -n_ties, ~precedes))
    place = np.empty_like(order)
    place[order] = np.arange(n_nodes)
    earlier, later = np.minimum(place[left], place[right]), np.maximum(place[left], place[right])
    survivor = np.empty_like(order)
    survivor[order] = order[_survivors_in_order(n_nodes, earlier, later, weight)]
    return survivor


def _survivors_in_order(n_nodes: int, earlier: Indices, later: Indices, weight: Weights) -> Indices:
    """Survivor of each node, for nodes numbered in the order they are taken."""
    survives = _surviving(n_nodes, earlier, later)
    ties = survives[earlier] & ~survives[later]
    earlier, later, weight = earlier[ties], later[ties], weight[ties]
    strongest = np.lexsort((earlier, -weight, later))
    joined, first = np.unique(later[strongest], return_index=True)
    survivor = np.arange(n_nodes)
    survivor[joined] = earlier[strongest][first]
    return survivor


def _surviving(n_nodes: int, earlier: Indices, later: Indices) -> Mask:
    """Whether each node is tied to no survivor before it, decided in rounds for all nodes at once.

    In each round those nodes survive for which no undecided earlier one is left, and what is tied to them is out.
    """
    survives = np.zeros(n_nodes, np.bool_)
    is_out = np.zeros(n_nodes, np.bool_)
    while len(earlier):
        waits = np.zeros(n_nodes, np.bool_)
        waits[later] = True
        survives[earlier[~waits[earlier]]] = True
        is_out[later[survives[earlier]]] = True
        undecided = ~survives[earlier] & ~is_out[earlier] & ~is_out[later]
        earlier, later = earlier[undecided], later[undecided]
    return ~is_out
