"""The program as most people would write it with care: autograd, one cell, a dense stack.

What it knows: steps are unbound once and never indexed in the loop; the embedding goes through its
part of W_ih once for each symbol, not for each step; output head and logits come after the loop,
at the target steps only; sums above a row are cumulative sums; newest row first, so nothing is flipped.

T steps, B batch, t rows so far, M value width, H hidden, K symbols.
"""
import torch
from torch.nn import functional as F

import pytorch_task as task


def stack_step(V, s, u, d, v):
    """Pops, pushes and reads: V B x t x M and s B x t, newest first. Equations (1)-(3)."""
    s = F.relu(s - F.relu(u - (s.cumsum(1) - s)))
    V, s = torch.cat([v.unsqueeze(1), V], 1), torch.cat([d, s], 1)
    w = torch.minimum(s, F.relu(1 - (s.cumsum(1) - s)))
    return V, s, torch.bmm(w.unsqueeze(1), V).squeeze(1)


def loss_of(p, inputs, targets, cell, M):
    """Mean cross-entropy at the targets; p holds parameters by plain name."""
    (T, B), N = inputs.shape, targets.shape[0]
    w_ih, w_hh = p["cells.0.weight_ih"], p["cells.0.weight_hh"]
    E = w_ih.shape[1] - M
    table = F.linear(p["embedding.weight"], w_ih[:, :E], p["cells.0.bias"])
    w_rh = torch.cat([w_ih[:, E:], w_hh], 1).t()
    heads = torch.cat([p["push.weight"], p["pop.weight"], p["value.weight"]]).t()
    heads_bias = torch.cat([p["push.bias"], p["pop.bias"], p["value.bias"]])
    h = p["cells.0.h0"].expand(B, -1)
    c = p["cells.0.c0"].expand(B, -1) if cell == "lstm" else h
    r = h.new_zeros(B, M)
    V, s, hidden = h.new_zeros(B, 0, M), h.new_zeros(B, 0), []
    for x in F.embedding(inputs, table).unbind(0):
        a = torch.addmm(x, torch.cat([r, h], 1), w_rh)
        if cell == "lstm":
            i, f, g, o = a.chunk(4, 1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
        else:
            h = torch.tanh(a)
        hidden.append(h)
        controls, v = torch.addmm(heads_bias, h, heads).split([2, M], 1)
        d, u = torch.sigmoid(controls).chunk(2, 1)
        V, s, r = stack_step(V, s, u, d, torch.tanh(v))
    o = torch.tanh(F.linear(torch.stack(hidden[T - N :]), p["output.weight"], p["output.bias"]))
    logits = F.linear(o, p["logits.weight"], p["logits.bias"])
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


class Eager:
    """Autograd, foreach clipping, fused Adam."""

    def __init__(self, size, parameters):
        self.size = size
        self.parameters = {name: p.clone().requires_grad_() for name, p in parameters.items()}
        self.adam = torch.optim.Adam(
            self.parameters.values(), lr=task.LEARNING_RATE, betas=task.BETAS, eps=task.EPSILON, fused=True
        )

    def loss(self, strings):
        """Forward and backward; the gradients stay at the parameters."""
        loss = loss_of(self.parameters, *strings, self.size["cell"], self.size["valueWidth"])
        self.adam.zero_grad(set_to_none=True)
        loss.backward()
        return loss.detach()

    def gradients(self):
        """By plain name."""
        return {name: p.grad for name, p in self.parameters.items()}

    def weights(self):
        """By plain name."""
        return {name: p.detach() for name, p in self.parameters.items()}

    def update(self, strings):
        """Forward, backward, clip, Adam."""
        loss = self.loss(strings)
        torch.nn.utils.clip_grad_norm_(self.parameters.values(), task.CLIP, foreach=True)
        self.adam.step()
        return loss
