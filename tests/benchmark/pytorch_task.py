"""What every variant of the PyTorch program is given: the sizes' strings, and parameters by plain name.

k characters in a string, T = 2k + 2 steps, B batch, K symbols (start, separator and terminator too).
Inputs: start, a_1 ... a_k, separator, b_1 ... b_k with b = a reversed.
Targets, from the separator on: b_1 ... b_k, terminator; N = k + 1 of them in each string.
"""
import os
import sys

import torch

sys.dont_write_bytecode = True
sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "pytorch"))
import model as sequence_model  # noqa: E402

LEARNING_RATE, BETAS, EPSILON, CLIP = 1e-3, (0.9, 0.999), 1e-8, 0.1
POOL = 32


def steps_of(size):
    """T, inputs of a string."""
    return 2 * size["length"] + 2


def fresh_strings(size, seed):
    """A pool of batches: pairs of inputs T x B and targets N x B, both step by step."""
    random = torch.Generator().manual_seed(seed)
    B, k, K = size["batch"], size["length"], size["symbols"]

    def repeated(symbol):
        return torch.full((1, B), symbol)

    def batch():
        a = torch.randint(K - 3, (k, B), generator=random)
        b = a.flip(0)
        return torch.cat([repeated(K - 3), a, repeated(K - 2), b]), torch.cat([b, repeated(K - 1)])

    return [batch() for _ in range(POOL)]


def fresh_parameters(size, seed):
    """Parameters by plain name: uniform between plus and minus one over the root of H."""
    model = sequence_model.SequenceModel(size)
    sequence_model.randomise(model, seed, size["hidden"] ** -0.5)
    return model.state_dict()


def reference(size, parameters, strings, precision):
    """Loss and gradients by plain name, as tests/pytorch/model.py has them."""
    inputs, targets = strings
    model = sequence_model.SequenceModel(size).to(precision)
    model.load_state_dict(parameters)
    batch = {
        "strings": [
            {"inputs": x, "targets": [-1] * (len(x) - len(y)) + y}
            for x, y in zip(inputs.t().tolist(), targets.t().tolist())
        ],
        "outputWeight": 1 / targets.numel(),
    }
    loss, _ = sequence_model.loss_of(model, batch)
    loss.backward()
    return loss.item(), {name: p.grad for name, p in model.named_parameters()}


def given_parameters(size, parameters):
    """Parameters as base64 by plain name, as tests/pytorch/compare.py reads them."""
    import compare

    model = sequence_model.SequenceModel(size)
    compare.load_parameters(model, parameters)
    return model.state_dict()


def worst_error(wanted, got):
    """The worst relative error (L2) of tensors by plain name, and whose it is."""
    off = {name: ((got[name] - tensor).norm() / tensor.norm()).item() for name, tensor in wanted.items()}
    worst = max(off, key=off.get)
    return off[worst], worst
