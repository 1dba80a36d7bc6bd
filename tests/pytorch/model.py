"""The sequence model in plain PyTorch: what the engine is held against.

An embedding, one or more recurrent layers, and a stack, a queue, a deque, a superposition stack or none; autograd finds
every gradient.
Nothing here is fast on purpose. `python3 model.py --check` holds autograd against central differences.

T steps, B batch, H hidden, E embedding, M value width, P ports, K symbols, G gates (lstm 4, gru 3, rnn 1).
The read r_t, of all ports, is part of the first layer's input at t + 1, and of the logits at t if logitsSeeReads is set.

Source: Grefenstette et al. 2015, arXiv:1506.02516, section 3.4; the memories themselves are in ends.py and superposition.py.
"""
import sys

import torch
from torch import nn
from torch.nn import functional as F

import ends
import superposition

GATES = {"rnn": 1, "lstm": 4, "gru": 3}


class Cell(nn.Module):
    """One recurrent layer, one step; the state it starts from is trained."""

    def __init__(self, kind, inputs, hidden):
        super().__init__()
        rows = GATES[kind] * hidden
        self.weight_ih = nn.Parameter(torch.zeros(rows, inputs))
        self.weight_hh = nn.Parameter(torch.zeros(rows, hidden))
        self.bias = nn.Parameter(torch.zeros(rows))
        self.h0 = nn.Parameter(torch.zeros(hidden))
        if kind == "gru":
            self.bias_hn = nn.Parameter(torch.zeros(hidden))
        if kind == "lstm":
            self.c0 = nn.Parameter(torch.zeros(hidden))
        self.kind = kind

    def start(self, B):
        """(h_0) or (h_0, c_0), each B x H."""
        state = (self.h0, self.c0) if self.kind == "lstm" else (self.h0,)
        return tuple(part.expand(B, -1) for part in state)

    def forward(self, x, state):
        """a = W_ih x + W_hh h_{t-1} + b; the gates lie in the order i, f, g, o. A GRU is PyTorch's own, with one bias for r and z."""
        if self.kind == "gru":
            b_hh = torch.cat([self.bias.new_zeros(2 * self.bias_hn.numel()), self.bias_hn])
            return (torch.gru_cell(x, state[0], self.weight_ih, self.weight_hh, self.bias, b_hh),)
        a = x @ self.weight_ih.T + state[0] @ self.weight_hh.T + self.bias
        if self.kind == "rnn":
            return (torch.tanh(a),)
        i, f, g, o = a.chunk(4, dim=1)
        c = torch.sigmoid(f) * state[1] + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c


class SequenceModel(nn.Module):
    """The model of one shape: cell, layers, hidden, embedding, memory, valueWidth, symbols, logitsSeeReads?, namesPrevious?, memoryCells?."""

    def __init__(self, shape):
        super().__init__()
        H, E, M, K = (shape[n] for n in ("hidden", "embedding", "valueWidth", "symbols"))
        self.superposed = shape["memory"] == "superposition"
        self.shape, self.ports = shape, 1 if self.superposed else len(ends.PORTS[shape["memory"]])
        widths = [E + self.ports * M] + [H] * (shape["layers"] - 1)
        self.embedding = nn.Embedding(K, E)
        self.cells = nn.ModuleList(Cell(shape["cell"], width, H) for width in widths)
        if self.ports > 0:
            self.push, self.pop, self.value = self.heads(H, 1), self.heads(H, 1), self.heads(H, M)
            self.output = nn.Linear(H, M)
        if self.superposed:
            self.no_op = nn.Linear(H, 1)
        self.logits = nn.Linear(M if self.ports > 0 else H, K)
        if shape.get("logitsSeeReads"):
            self.logits.read_weight = nn.Parameter(torch.zeros(K, self.ports * M))
        if shape.get("namesPrevious"):
            self.previous = nn.Linear(M, K)

    def heads(self, H, rows):
        """One head, or one for each end, by name."""
        if self.ports == 1:
            return nn.Linear(H, rows)
        return nn.ModuleDict({end: nn.Linear(H, rows) for end in ("top", "bottom")})

    def actions(self, x, a_push, a_pop):
        """d and u, B x P each: a sigmoid each, or the first two of a softmax's three, whose last is a no-op."""
        if not self.superposed:
            return torch.sigmoid(a_push), torch.sigmoid(a_pop)
        return torch.softmax(torch.cat([a_push, a_pop, self.no_op(x)], dim=1), dim=1)[:, :2].split(1, dim=1)

    @staticmethod
    def by_port(heads):
        """The heads of each port."""
        return [heads] if isinstance(heads, nn.Linear) else [heads["top"], heads["bottom"]]

    def forward(self, inputs, push_noise=None, pop_noise=None, lengths=None, start=None):
        """inputs B x T, noise B x T x P -> logits B x T x K and, with a memory, a_D and a_U B x T x P and v B x T x P x M.

        `start` has each layer's state, B x H, the trained one if left out; `final` that after as many steps as `lengths` says.
        """
        B, T = inputs.shape
        states = [cell.start(B) for cell in self.cells] if start is None else list(start)
        final = states
        outputs, steps, seen = [], [], []
        M = self.shape["valueWidth"]
        r = self.logits.weight.new_zeros(B, self.ports * M)
        V, s = r.new_zeros(B, 0, M), r.new_zeros(B, 0)
        for t in range(T):
            x = torch.cat([self.embedding(inputs[:, t]), r], dim=1)
            for layer, cell in enumerate(self.cells):
                states[layer] = cell(x, states[layer])
                x = states[layer][0]
            ended = torch.zeros(B, 1, dtype=torch.bool) if lengths is None else t >= lengths
            pairs = zip(final, states)
            final = [tuple(torch.where(ended, *parts) for parts in zip(*pair)) for pair in pairs]
            if self.ports == 0:
                outputs.append(x)
                continue
            a_push = torch.cat([head(x) for head in self.by_port(self.push)], dim=1)
            a_pop = torch.cat([head(x) for head in self.by_port(self.pop)], dim=1)
            d, u = self.actions(
                x,
                a_push if push_noise is None else a_push + push_noise[:, t],
                a_pop if pop_noise is None else a_pop + pop_noise[:, t],
            )
            values = [torch.tanh(head(x)) for head in self.by_port(self.value)]
            outputs.append(torch.tanh(self.output(x)))
            controls = [(v, u[:, p : p + 1], d[:, p : p + 1]) for p, v in enumerate(values)]
            if self.superposed:
                V = superposition.step(V, *controls[0], self.shape.get("memoryCells"))
                reads = [V[:, 0]]
            else:
                V, s, reads = ends.step(self.shape["memory"], V, s, controls)
            r = torch.cat(reads, dim=1)
            seen.append(r)
            steps.append((a_push, a_pop, torch.stack(values, 1)))
        trace = {"logits": self.logits(torch.stack(outputs, dim=1)), "final": final}
        if self.shape.get("logitsSeeReads"):
            trace["logits"] = trace["logits"] + torch.stack(seen, dim=1) @ self.logits.read_weight.T
        if self.ports > 0:
            a_push, a_pop, v = (torch.stack(parts, 1) for parts in zip(*steps))
            trace.update(a_push=a_push, a_pop=a_pop, v=v)
        return trace


def padded(strings, name, filler, dtype):
    """A field of every string as one B x T tensor, or None if no string has it."""
    T = max(len(string["inputs"]) for string in strings)
    if not any(name in string for string in strings):
        return None
    fields = [string.get(name, [filler] * T) for string in strings]
    return torch.tensor([list(field) + [filler] * (T - len(field)) for field in fields], dtype=dtype)


def padded_noise(strings, name, ports, dtype):
    """The noise of every string as one B x T x P tensor, or None; a string has the noise of port after port."""
    T = max(len(string["inputs"]) for string in strings)
    if not any(name in string for string in strings):
        return None
    noise = torch.zeros(len(strings), T, ports, dtype=dtype)
    for row, string in zip(noise, strings):
        if name in string:
            steps = len(string["inputs"])
            row[:steps] = torch.tensor(string[name], dtype=dtype).view(ports, steps).T
    return noise


def cross_entropy(logits, targets):
    """Sum over the steps whose target is not -1."""
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-1, reduction="sum")


def loss_of(model, batch, start=None):
    """The loss of a batch of strings, summed over the strings, and the trace it came from; `start` as in the model's forward.

    outputWeight * CE(logits_t, target_t) + valueWeight * CE(logits of v_t, valueTarget_t)
    + previousWeight * CE(previous of v_t, x_{t-1}) where there is a value target, v_t a deque's at the top
    + controls_loss of each port.
    Shorter strings are padded behind their end, where nothing counts.
    """
    strings, real = batch["strings"], model.logits.weight.dtype
    noise = (padded_noise(strings, name, model.ports, real) for name in ("pushNoise", "popNoise"))
    inputs = padded(strings, "inputs", 0, torch.long)
    lengths = torch.tensor([[len(string["inputs"])] for string in strings])
    trace = model(inputs, *noise, lengths, start)
    targets = padded(strings, "targets", -1, torch.long)
    loss = batch["outputWeight"] * cross_entropy(trace["logits"], targets)
    if model.ports == 0:
        return loss, trace
    value_targets = padded(strings, "valueTargets", -1, torch.long)
    if value_targets is None:
        value_targets = torch.full_like(targets, -1)
    popping = padded(strings, "popping", False, torch.bool)
    if popping is None:
        popping = torch.zeros_like(targets, dtype=torch.bool)
    v = trace["v"][:, :, 0]
    if batch.get("valueWeight"):
        loss = loss + batch["valueWeight"] * cross_entropy(model.logits(v), value_targets)
    if batch.get("previousWeight") and inputs.shape[1] > 1:
        before = torch.where(value_targets[:, 1:] >= 0, inputs[:, :-1], -1)
        loss = loss + batch["previousWeight"] * cross_entropy(model.previous(v[:, 1:]), before)
    is_step = torch.arange(targets.shape[1]) < lengths
    for port in range(model.ports):
        sums = trace["a_push"][..., port], trace["a_pop"][..., port]
        away = controls_loss(batch, port, value_targets >= 0, popping, *sums)
        loss = loss + away[is_step].sum()
    return loss, trace


def controls_loss(batch, port, reading, popping, a_push, a_pop):
    """Anchor and hinge of a port, B x T each, from its sums without noise.

    anchorWeight * ((a_D - anchor)^2 + (a_U - anchor)^2), anchors by port and kind of step, the weight another at a first;
    a step that does not read may be one that pops
    + hingeWeight * max(0, a - hingeBound)^2, of a_D where the step does not read, of a_U where it does
    """
    pair = {"push": batch.get("anchorPush", 0), "pop": batch.get("anchorPop", 0)}
    anchors = batch["anchors"][port] if "anchors" in batch else dict.fromkeys(("others", "reading", "first"), pair)
    anchors = {"popping": anchors["others"], **anchors}
    first = reading & ~torch.roll(reading, 1, dims=1)
    first[:, 0] = reading[:, 0]

    def by_kind(others, read, at_first, pops):
        each = [torch.full_like(a_push, number) for number in (at_first, read, pops, others)]
        return torch.where(first, each[0], torch.where(reading, each[1], torch.where(popping, each[2], each[3])))

    def anchor(name):
        return by_kind(*(anchors[kind][name] for kind in ("others", "reading", "first", "popping")))

    weight = batch.get("anchorWeight", 0)
    away = (a_push - anchor("push")) ** 2 + (a_pop - anchor("pop")) ** 2
    over = torch.clamp(torch.where(reading, a_pop, a_push) - batch.get("hingeBound", 0), min=0) ** 2
    of_anchor = by_kind(weight, weight, batch.get("firstAnchorWeight", weight), weight) * away
    return of_anchor + batch.get("hingeWeight", 0) * over


def randomise(model, seed, size=0.5):
    """Fills every parameter with uniform numbers between -size and size."""
    random = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            drawn = torch.rand(parameter.shape, generator=random, dtype=torch.float64)
            parameter.copy_(size * (2 * drawn - 1))
    return model


if __name__ == "__main__" and "--check" in sys.argv:
    import model_check

    model_check.run()
