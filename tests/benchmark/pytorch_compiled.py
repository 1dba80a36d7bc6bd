"""The program of pytorch_manual.py as one pure function, unrolled over all steps, for torch.compile.

The same mathematics, without buffers: inductor fuses what lies between two products into one C++ loop,
calls the products from C++ (cpp_wrapper), and writes clipping and Adam into the same program.
Compilation grows faster than T: fine for short strings only.

T steps, B batch, H hidden, M value width, K symbols; rh is [r | h].
"""
import torch
from torch.nn import functional as F

import pytorch_layout as layout
import pytorch_task as task

OPTIONS = {"cpp_wrapper": True, "cpp_wrapper_build_separate": True}


def product(x, w, bias=None):
    """x w + bias; for a tiny w in plain sums, which inductor fuses with their neighbours (a tenth faster)."""
    if w.numel() > 512:
        return x @ w if bias is None else torch.addmm(bias, x, w)
    sums = (x.unsqueeze(2) * w).sum(1)
    return sums if bias is None else bias + sums


def cell_forward(a, c, is_lstm):
    """Gates o, i, f, g -> what the backward step needs, h and c."""
    if not is_lstm:
        h = torch.tanh(a)
        return (1 - h * h,), h, c
    o, i, f, g = a.chunk(4, 1)
    o, i, f, g = torch.sigmoid(o), torch.sigmoid(i), torch.sigmoid(f), torch.tanh(g)
    next_c = f * c + i * g
    tanh_c = torch.tanh(next_c)
    return (o, i, f, g, c, tanh_c), o * tanh_c, next_c


def cell_backward(saved, gH, gC, is_lstm):
    """Gradient of the gates' sums, and of c_{t-1}."""
    if not is_lstm:
        return gH * saved[0], gC
    o, i, f, g, c, tanh_c = saved
    gC = gC + gH * o * (1 - tanh_c * tanh_c)
    gates = gH * tanh_c * o * (1 - o), gC * g * i * (1 - i), gC * c * f * (1 - f), gC * i * (1 - g * g)
    return torch.cat(gates, 1), gC * f


def stack_forward(S_prev, heads, M):
    """Cumulative strengths S; see pytorch_stack.py."""
    v, d, u = torch.tanh(heads[:, :M]), torch.sigmoid(heads[:, M : M + 1]), torch.sigmoid(heads[:, M + 1 :])
    S = torch.cat([F.relu(S_prev - u) + d, d], 1)
    capped = S.clamp(max=1)
    w = capped - F.pad(capped[:, 1:], (0, 1))
    return S, v, w, (S_prev, S, v, d, u)


def stack_backward(saved, gW, gV, gS):
    """Gradient of the heads' sums, and of S_{t-1}; gW is V times the gradient of r_t."""
    S_prev, S, v, d, u = saved
    gS = gS + (gW - F.pad(gW[:, :-1], (1, 0))) * (S <= 1)
    gD = gS.sum(1, keepdim=True)
    gS = gS[:, :-1] * (S_prev > u)
    gU = -gS.sum(1, keepdim=True)
    return torch.cat([gV * (1 - v * v), gD * d * (1 - d), gU * u * (1 - u)], 1), gS


def output_part(w, h, targets):
    """Loss, gradients of both output layers, and of h at the targets' steps."""
    o = torch.tanh(torch.addmm(w["output_bias"], h, w["output_weight"].t()))
    log_softmax = torch.log_softmax(torch.addmm(w["logits_bias"], o, w["logits_weight"].t()), 1)
    is_target = targets.unsqueeze(1) == torch.arange(log_softmax.shape[1])
    rows = len(targets)
    loss = -(log_softmax * is_target).sum() / rows
    gLogits = (log_softmax.exp() - is_target.float()) / rows
    gO = (gLogits @ w["logits_weight"]) * (1 - o * o)
    g = {"logits_weight": gLogits.t() @ o, "logits_bias": gLogits.sum(0),
         "output_weight": gO.t() @ h, "output_bias": gO.sum(0)}
    return loss, g, gO @ w["output_weight"]


def loss_and_gradients(w, inputs, targets, cell, M):
    """Forward, then backward, every step written out."""
    (T, B), N, is_lstm = inputs.shape, targets.shape[0], cell == "lstm"
    table = torch.addmm(w["bias"], w["embedding"], w["table_weight"].t())
    xs = table[inputs].unbind(0)
    h, c = w["h0"].expand(B, -1), w["c0"].expand(B, -1) if is_lstm else None
    r, S = h.new_zeros(B, M), h.new_zeros(B, 0)
    V, gR, by_row = h.new_zeros(B, T, M), h.new_zeros(B, T, M), h.new_zeros(B, T, T)
    rhs, hs, cells, stacks = [], [], [], []
    for t, x in enumerate(xs):
        rhs.append(torch.cat([r, h], 1))
        saved, h, c = cell_forward(product(rhs[-1], w["rh_weight"].t(), x), c, is_lstm)
        cells.append(saved)
        hs.append(h)
        heads = product(h, w["heads_weight"].t(), w["heads_bias"])
        S, V[:, t], weights, saved = stack_forward(S, heads, M)
        r = torch.bmm(weights.unsqueeze(1), V[:, : t + 1]).squeeze(1)
        stacks.append(saved)
        by_row[:, : t + 1, t] = weights
    all_h = torch.cat(hs)
    loss, g, gH_of_output = output_part(w, all_h[(T - N) * B :], targets.reshape(-1))
    gH_of_output = gH_of_output.view(N, B, -1)
    gRh, gC, gS = torch.zeros_like(rhs[0]), torch.zeros_like(h) if is_lstm else None, torch.zeros_like(S)
    gAs, gHeads = [], []
    for t in reversed(range(T)):
        gR[:, t] = gRh[:, :M]
        gW = torch.bmm(gRh[:, :M].unsqueeze(1), V[:, : t + 1].transpose(1, 2)).squeeze(1)
        gV = torch.bmm(by_row[:, t : t + 1, t:], gR[:, t:]).squeeze(1)
        gHead, gS = stack_backward(stacks[t], gW, gV, gS)
        gH = product(gHead, w["heads_weight"], gRh[:, M:])
        if t >= T - N:
            gH = gH + gH_of_output[t - T + N]
        gA, gC = cell_backward(cells[t], gH, gC, is_lstm)
        gRh = product(gA, w["rh_weight"])
        gAs.append(gA)
        gHeads.append(gHead)
    gA, gHeads = torch.cat(gAs[::-1]), torch.cat(gHeads[::-1])
    gTable = torch.zeros_like(table).index_add(0, inputs.reshape(-1), gA)
    g.update(rh_weight=gA.t() @ torch.cat(rhs), heads_weight=gHeads.t() @ all_h, heads_bias=gHeads.sum(0),
             bias=gA.sum(0), table_weight=gTable.t() @ w["embedding"], embedding=gTable @ w["table_weight"],
             h0=gRh[:, M:].sum(0))
    if is_lstm:
        g["c0"] = gC.sum(0)
    return loss, g


def clip_and_adam(flat, gradient, first, second, corrections):
    """Clipping by the global norm, then Adam, in place.

    corrections holds 1 - beta^t of both moments, kept as q <- beta q + 1 - beta: the power would lose digits.
    """
    gradient = gradient * torch.clamp(task.CLIP / (gradient.square().sum().sqrt() + 1e-6), max=1)
    for moment, beta, correction, term in zip(
        (first, second), task.BETAS, corrections, (gradient, gradient * gradient)
    ):
        moment.mul_(beta).add_(term, alpha=1 - beta)
        correction.mul_(beta).add_(1 - beta)
    denominator = (second / corrections[1]).sqrt() + task.EPSILON
    flat.sub_(task.LEARNING_RATE * (first / corrections[0]) / denominator)


class Compiled:
    """One compiled program for an update of one size."""

    def __init__(self, size, parameters):
        self.size = size
        self.flat, self.w = layout.flat_views(size)
        layout.fill(self.w, parameters, size)
        self.gradient, self.g = layout.flat_views(size)
        self.moments = [torch.zeros_like(self.flat), torch.zeros_like(self.flat)]
        self.moments += [torch.zeros(()), torch.zeros(())]
        self.program = torch.compile(self.written_out, fullgraph=True, dynamic=False, options=OPTIONS)

    def written_out(self, flat, inputs, targets, first, second, *corrections):
        """Takes a step in place; the loss, and the flat gradient before clipping."""
        w = layout.views_of(flat, self.size)
        loss, g = loss_and_gradients(w, inputs, targets, self.size["cell"], self.size["valueWidth"])
        gradient = layout.flatten(g, self.size)
        clip_and_adam(flat, gradient, first, second, corrections)
        return loss, gradient

    def loss(self, strings):
        """Forward and backward; the step is taken on copies."""
        state = [tensor.clone() for tensor in (self.flat, *self.moments)]
        with torch.no_grad():
            loss, gradient = self.program(state[0], *strings, *state[1:])
        self.gradient.copy_(gradient)
        return loss

    def gradients(self):
        """By plain name."""
        return layout.by_plain_name(self.g, self.size)

    def weights(self):
        """By plain name."""
        return layout.by_plain_name(self.w, self.size)

    def update(self, strings):
        """Forward, backward, clip, Adam."""
        with torch.no_grad():
            return self.program(self.flat, *strings, *self.moments)[0]
