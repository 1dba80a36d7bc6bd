"""Pops and reads at one end of a line of rows in PyTorch, dense, as the equations are printed; autograd finds the gradient.

A stack does both at the top, a queue at the bottom, a deque at both ends. B batch, t rows so far (bottom first), M value
width. V: B x t x M, s: B x t, u, d: B x 1, value: B x M. An end is "top" or "bottom".

Ties: the left argument of max and min owns the derivative (the paper's footnote to Appendix A).
torch.maximum and torch.minimum share it half and half, so both are written with torch.where.

Source: Grefenstette et al. 2015, arXiv:1506.02516, equations (1)-(11).
"""
import torch


def max_with_zero(x):
    """max(0, x); at x = 0 nothing passes."""
    return torch.where(x > 0, x, torch.zeros_like(x))


def min_of(left, right):
    """min(left, right); at a tie all passes to left."""
    return torch.where(left <= right, left, right)


def sum_beyond(s, end):
    """Row i holds the sum of the strengths between it and an end: above it for the top, below it for the bottom. B x t."""
    if end == "bottom":
        return torch.cat([torch.zeros_like(s[:, :1]), s.cumsum(1)[:, :-1]], dim=1)
    from_here_up = s.flip(1).cumsum(1).flip(1)
    return torch.cat([from_here_up[:, 1:], torch.zeros_like(s[:, :1])], dim=1)


def push(V, value, end):
    """A row beyond an end: of values, or of strengths."""
    row = value.unsqueeze(1) if V.dim() == 3 else value
    return torch.cat([V, row] if end == "top" else [row, V], dim=1)


def pop(s, u, end):
    """(2), (4): max(0, s[i] - max(0, u - sum beyond i))."""
    return max_with_zero(s - max_with_zero(u - sum_beyond(s, end)))


def read_weights(s, end):
    """The factors of (3), (5): min(s[i], max(0, 1 - sum beyond i))."""
    return min_of(s, max_with_zero(1 - sum_beyond(s, end)))


def read(V, s, end):
    """(3), (5): the sum over i of the weight of row i times V[i]: B x M."""
    return (read_weights(s, end).unsqueeze(2) * V).sum(1)


# Where the ports of each memory push, and where they pop and read; all pops come first, in this order.
PORTS = {
    "none": [],
    "stack": [("top", "top")],
    "queue": [("top", "bottom")],
    "deque": [("top", "top"), ("bottom", "bottom")],
}


def step(memory, V, s, controls):
    """One step of a memory: controls are (value, u, d) of each port; returns V, s and the reads of each port."""
    for (_, end), (_, u, _) in zip(PORTS[memory], controls):
        s = pop(s, u, end)
    for (end, _), (value, _, d) in zip(PORTS[memory], controls):
        V, s = push(V, value, end), push(s, d, end)
    return V, s, [read(V, s, end) for _, end in PORTS[memory]]
