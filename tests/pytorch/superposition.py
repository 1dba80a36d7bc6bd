"""The superposition stack in PyTorch, dense, as its equation is printed; autograd finds the gradient.

B batch, n cells so far (the top one first), M value width. cells: B x n x M, d, u: B x 1, value: B x M.

Source: Joulin and Mikolov 2015, arXiv:1503.01007, section 3.2, with its no-op.
"""
import torch


def step(cells, value, u, d, most):
    """s[i] = d s[i-1] + u s[i+1] + (1 - d - u) s[i], value above cell 0, zeros below the last: at most `most` cells."""
    none = torch.zeros_like(value).unsqueeze(1)
    above = torch.cat([value.unsqueeze(1), cells], dim=1)
    here = torch.cat([cells, none], dim=1)
    below = torch.cat([cells[:, 1:], none, none], dim=1)[:, : here.shape[1]]
    d, u = d.unsqueeze(2), u.unsqueeze(2)
    return (d * above + u * below + (1 - d - u) * here)[:, :most]
