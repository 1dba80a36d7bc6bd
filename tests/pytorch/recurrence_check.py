"""Holds recurrence.py and muon.py to what they say: python3 recurrence_check.py; an error if a claim fails.

Layers with hand-written gradients against model.py's autograd, Muon against singular values.
"""
import sys
import os
import torch
from torch.nn import functional as F

sys.path.insert(1, os.path.join(os.path.dirname(__file__), "..", "..", "lib", "studies", "baselines"))

import model as sequence_model
from baseline_network import BaselineNetwork
from baseline_training import lay_out
from model_check import say
from muon import Muon, orthogonal

SMALL = {"layers": 2, "hidden": 12, "embedding": 5, "symbols": 9, "memory": "none", "valueWidth": 0}


def relative(ours, theirs):
    """|ours - theirs| / |theirs|."""
    return ((ours - theirs).norm() / theirs.norm()).item()


def gradients(parameters, logits, targets):
    """Of the mean cross-entropy, by name."""
    loss = F.cross_entropy(logits.reshape(-1, logits.shape[-1]), targets.reshape(-1))
    found = torch.autograd.grad(loss, list(parameters.values()))
    return dict(zip(parameters, found))


def check_layers(cell):
    """Logits and every gradient, the starting states' included."""
    random = torch.Generator().manual_seed(4)
    network = BaselineNetwork({**SMALL, "cell": cell}, 1.0, random)
    with torch.no_grad():  # starting states begin at 0: here they count
        for name, p in network.parameters.items():
            if name.endswith("0"):
                p.normal_(generator=random)
    model = sequence_model.SequenceModel({**SMALL, "cell": cell})
    model.load_state_dict({name: p.detach() for name, p in network.parameters.items()})
    inputs, targets = lay_out(7, 6, SMALL["symbols"] - 3, random)
    theirs = model(inputs.T)["logits"].transpose(0, 1)[7:]
    right = gradients(dict(model.named_parameters()), theirs, targets)
    for exact, limit in ((True, 1e-5), (False, 3e-2)):
        kind = "float32" if exact else "bfloat16"
        ours = network.logits(inputs, 7, exact)
        say(f"{cell}, {kind}: logits", relative(ours, theirs), limit)
        found = gradients(network.parameters, ours, targets)
        say(f"{cell}, {kind}: gradients", max(relative(found[n], right[n]) for n in right), limit)


def check_muon():
    """Singular values near 1, along the momentum's own singular vectors; blocks by themselves."""
    random = torch.Generator().manual_seed(5)
    for sizes in ((2, 30, 10), (2, 10, 30), (1, 20, 20)):
        x = torch.randn(sizes, generator=random)
        u, _, v = torch.linalg.svd(x, full_matrices=False)
        values = torch.diagonal(u.mT @ orthogonal(x) @ v.mT, dim1=1, dim2=2)
        say(f"muon, {sizes}: singular values from 1", (values - 1).abs().max().item(), 0.4)
    w = torch.zeros(40, 5)  # two blocks of 20 x 5
    rule, wanted, mean = Muon([w], 2), torch.zeros(40, 5), torch.zeros(40, 5)
    for _ in range(2):
        w.grad = torch.randn(40, 5, generator=random)
        rule.step(0.1)
        mean = 0.95 * mean + 0.05 * w.grad
        ahead = 0.95 * mean + 0.05 * w.grad
        wanted -= 0.1 * 2 * orthogonal(ahead.view(2, 20, 5)).view(40, 5)
    say("muon, two steps", relative(w, wanted), 1e-2)


def main():
    """Every claim."""
    torch.set_num_threads(1)
    check_layers("rnn")
    check_layers("lstm")
    check_muon()
    print("every claim holds")


if __name__ == "__main__":
    main()
