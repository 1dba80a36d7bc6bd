"""The neural stack in PyTorch, dense, as its equations are printed; autograd finds its gradient.

B batch, t rows so far (oldest first), M value width. V: B x t x M, s: B x t, u, d: B x 1, value: B x M.

Ties: the left argument of max and min owns the derivative (the paper's footnote to Appendix A).
torch.maximum and torch.minimum share it half and half, so both are written with torch.where.

Source: Grefenstette et al. 2015, arXiv:1506.02516, equations (1)-(3).
"""
import torch


def max_with_zero(x):
    """max(0, x); at x = 0 nothing passes."""
    return torch.where(x > 0, x, torch.zeros_like(x))


def min_of(left, right):
    """min(left, right); at a tie all passes to left."""
    return torch.where(left <= right, left, right)


def sum_above(s):
    """Row i holds the sum of the strengths of the rows above it, s[i + 1] + ... + s[t - 1]: B x t."""
    from_here_up = s.flip(1).cumsum(1).flip(1)
    return torch.cat([from_here_up[:, 1:], torch.zeros_like(s[:, :1])], dim=1)


def next_values(V, value):
    """(1): V_t[i] = V_{t-1}[i] for i < t, V_t[t] = v_t."""
    return torch.cat([V, value.unsqueeze(1)], dim=1)


def next_strengths(s, u, d):
    """(2): s_t[i] = max(0, s_{t-1}[i] - max(0, u_t - sum above i)), s_t[t] = d_t."""
    left = max_with_zero(s - max_with_zero(u - sum_above(s)))
    return torch.cat([left, d], dim=1)


def read_weights(s):
    """The factors of (3): w_t[i] = min(s_t[i], max(0, 1 - sum above i))."""
    return min_of(s, max_with_zero(1 - sum_above(s)))


def read(V, s):
    """(3): r_t = sum over i of w_t[i] V_t[i]: B x M."""
    return (read_weights(s).unsqueeze(2) * V).sum(1)
