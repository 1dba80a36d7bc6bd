"""A network without a stack for string reversal, made to train fast: parameters by the names of model.py.

T steps, B strings, H hidden, E embedding, K symbols, G gates (lstm 4, rnn 1).
"""
import math

import torch
from torch.nn import functional as F

from recurrence import Lstm, Rnn

GATES = {"rnn": 1, "lstm": 4}


def open_gates(bias, forget_bias):
    """Half of an LSTM's units begin as those of a plain RNN do, the other half as cells that keep: bias 4 x H."""
    plain = bias.shape[1] // 2
    i, f, _, o = bias
    i[:plain] += 2
    f[:plain] -= 2
    o[:plain] += 2
    f[plain:] += forget_bias


class BaselineNetwork:
    """shape: cell, layers, hidden, embedding, symbols; weights uniform within 1 / sqrt(H)."""

    def __init__(self, shape, forget_bias, random):
        self.shape, self.lstm = shape, shape["cell"] == "lstm"
        H, E, K = shape["hidden"], shape["embedding"], shape["symbols"]
        rows, bound = GATES[shape["cell"]] * H, 1 / math.sqrt(H)

        def uniform(*sizes):
            return torch.empty(*sizes).uniform_(-bound, bound, generator=random)

        p = {"embedding.weight": torch.randn(K, E, generator=random)}
        for layer in range(shape["layers"]):
            name = f"cells.{layer}."
            p[f"{name}weight_ih"] = uniform(rows, H if layer else E)
            p[f"{name}weight_hh"] = uniform(rows, H)
            p[f"{name}bias"] = uniform(rows)
            p[f"{name}h0"] = torch.zeros(H)
            if self.lstm:
                p[f"{name}c0"] = torch.zeros(H)
                open_gates(p[f"{name}bias"].view(4, H), forget_bias)
        p["logits.weight"], p["logits.bias"] = uniform(K, H), uniform(K)
        self.parameters = {name: tensor.requires_grad_() for name, tensor in p.items()}

    def recurrent_weights(self):
        """W_ih and W_hh of every layer."""
        return [p for name, p in self.parameters.items() if ".weight_" in name]

    def others(self):
        """What they are not."""
        return [p for name, p in self.parameters.items() if ".weight_" not in name]

    def logits(self, inputs, first, exact=True):
        """inputs T x B -> logits of steps first ... T - 1, (T - first) x B x K."""
        p, B = self.parameters, inputs.shape[1]
        x = F.embedding(inputs, p["embedding.weight"])
        for layer in range(self.shape["layers"]):
            part = {name: p[f"cells.{layer}.{name}"] for name in ("weight_ih", "weight_hh", "bias")}
            start = [p[f"cells.{layer}.{name}"].expand(B, -1) for name in ("h0", "c0")[: 1 + self.lstm]]
            x = (Lstm if self.lstm else Rnn).apply(x, *start, *part.values(), exact)
        return F.linear(x[first:], p["logits.weight"], p["logits.bias"])

    def metadata(self):
        """What a weights file says of the network; the texts are listed in lib/weights/trained_model.ts."""
        sizes = {name: str(self.shape[name]) for name in ("layers", "hidden", "embedding")}
        K = self.shape["symbols"]
        return {"task": "string reversal", "characters": str(K - 3), "cell": self.shape["cell"],
                "memory": "none", **sizes, "valueWidth": "0", "symbols": str(K)}
