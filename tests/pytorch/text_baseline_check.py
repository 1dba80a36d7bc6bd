"""Holds how the LSTM of text_baseline.py begins to what it says: python3 text_baseline_check.py."""
import os
import sys

import torch

sys.path.insert(1, os.path.join(os.path.dirname(__file__), "..", "..", "lib", "studies", "baselines"))

from model_check import say
from text_baseline import text_lstm

SHAPE = {"layers": 2, "hidden": 64, "embedding": 16, "symbols": 50}
OTHER_BOUNDS = {"lstm.weight_ih_l0": 1 / 4}  # 1 / sqrt(E); of the others 1 / sqrt(H)


def drawn(seed):
    """The parameters by name."""
    return {name: p.detach() for name, p in text_lstm(SHAPE, 1.5, seed).named_parameters()}


def check_matrices(parameters):
    """Uniform within their bounds, and a normal embedding."""
    for name, p in parameters.items():
        if name == "embedding.weight":
            say("embedding: deviation from 1", abs(p.std().item() - 1), 0.05)
        elif "weight" in name:
            bound = OTHER_BOUNDS.get(name, 1 / 8)
            assert p.abs().max() <= bound, name
            say(f"{name}: deviation of a uniform number", abs(p.std().item() * 3**0.5 / bound - 1), 0.03)


def check_biases(parameters):
    """0 but for the forget gates; one bias of each layer is trained, and the starting states."""
    wanted = torch.zeros(4, 64)
    wanted[1] = 1.5
    for layer in range(2):
        assert torch.equal(parameters[f"lstm.bias_ih_l{layer}"].view(4, 64), wanted)
    for name in ("lstm.bias_hh_l0", "lstm.bias_hh_l1", "logits.bias", "start.0", "start.1"):
        assert not parameters[name].any(), name
    fixed = [name for name, p in text_lstm(SHAPE, 1.5, 1).named_parameters() if not p.requires_grad]
    assert fixed == ["lstm.bias_hh_l0", "lstm.bias_hh_l1"], fixed


def run():
    """All claims."""
    first, again, second = drawn(1), drawn(1), drawn(2)
    check_matrices(first)
    check_biases(first)
    assert all(torch.equal(p, again[name]) for name, p in first.items())
    assert not any(torch.equal(p, second[name]) for name, p in first.items() if "weight" in name)
    print("every claim holds")


if __name__ == "__main__":
    run()
