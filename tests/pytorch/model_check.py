"""Holds the model of model.py against central differences, and its ties against the rule: float64.

Run by `python3 model.py --check`; a line for each claim, and an error if one does not hold.
"""
import itertools

import torch

import model as sequence_model
import ends

EPSILON = 1e-6


def say(claim, error, limit):
    """Prints a claim and its error."""
    print(f"{claim}: {error:.1e} (limit {limit:.0e})")
    assert error <= limit, claim


def random_batch(shape, seed, lengths=(5, 3, 7)):
    """Strings of mixed lengths with noise, value targets and every weight in use."""
    random, ports = torch.Generator().manual_seed(seed), len(ends.PORTS[shape["memory"]])

    def symbols(T, least):
        return torch.randint(least, shape["symbols"], (T,), generator=random).tolist()

    def noise(T):
        return torch.randn(T, generator=random).tolist()

    strings = [
        {"inputs": symbols(T, 0), "targets": symbols(T, -1), "valueTargets": symbols(T, -1),
         "pushNoise": noise(ports * T), "popNoise": noise(ports * T)}
        for T in lengths
    ]
    return {"strings": strings, "outputWeight": 0.3, "valueWeight": 0.2, "anchorWeight": 0.1,
            "anchorPush": 0.0, "anchorPop": -1.0}


def reads_loss(memory, values, pops, pushes, g):
    """One number from every read: sum over t and ports of g_t . r_t. values, g: B x T x P x M; pops, pushes: B x T x P."""
    V, s = values[:, :0, 0], pops[:, :0, 0]
    total = values.new_zeros(())
    for t in range(values.shape[1]):
        ports = range(values.shape[2])
        controls = [(values[:, t, p], pops[:, t, p : p + 1], pushes[:, t, p : p + 1]) for p in ports]
        V, s, reads = ends.step(memory, V, s, controls)
        total = total + sum((g[:, t, p] * reads[p]).sum() for p in ports)
    return total


def difference(loss, tensor, place):
    """Central difference of loss() by one entry of a tensor."""
    kept = tensor[place].item()
    ends = []
    for x in (kept + EPSILON, kept - EPSILON):
        tensor[place] = x
        ends.append(loss().item())
    tensor[place] = kept
    return (ends[0] - ends[1]) / (2 * EPSILON)


def worst(loss, tensors, gradients):
    """The largest relative difference between gradients and central differences."""
    with torch.no_grad():
        return max(
            abs(difference(loss, tensor, place) - g[place].item()) / (1 + abs(g[place].item()))
            for tensor, g in zip(tensors, gradients)
            for place in itertools.product(*map(range, tensor.shape))
        )


def check_memory(memory, seed):
    """A memory alone, three strings of eight steps."""
    torch.manual_seed(seed)
    P = len(ends.PORTS[memory])
    inputs = [torch.rand(3, 8, P, 2), 1.2 * torch.rand(3, 8, P), torch.rand(3, 8, P)]
    inputs = [x.double().requires_grad_() for x in inputs]
    g = torch.randn(3, 8, P, 2).double()
    gradients = torch.autograd.grad(reads_loss(memory, *inputs, g), inputs)
    return worst(lambda: reads_loss(memory, *inputs, g), inputs, gradients)


def check_model(cell, layers, memory, seed):
    """Every parameter of a small model."""
    shape = {"cell": cell, "layers": layers, "hidden": 3, "embedding": 2, "memory": memory,
             "valueWidth": 0 if memory == "none" else 2, "symbols": 4}
    net = sequence_model.randomise(sequence_model.SequenceModel(shape).double(), seed)
    batch = random_batch(shape, seed)
    parameters = list(net.parameters())
    gradients = torch.autograd.grad(sequence_model.loss_of(net, batch)[0], parameters)
    return worst(lambda: sequence_model.loss_of(net, batch)[0], parameters, gradients)


def check_ties():
    """Exact ties of a stack: (values, pops, pushes, g of each read) and the gradients by pops and pushes."""
    cases = [
        # Strengths .5 and .5 fill the read exactly: each owns its own weight.
        ([[3.0], [5.0]], [0.0, 0.0], [0.5, 0.5], [0.0, 1.0], [0.0, 0.0], [3.0, 5.0]),
        # A pop of 1 takes the whole row of 1: nothing passes below max(0, 0).
        ([[3.0], [5.0]], [0.0, 1.0], [1.0, 0.25], [0.0, 1.0], [0.0, 0.0], [0.0, 5.0]),
        # A pop of 1 ends exactly above row 0, which is not reached: the pop is not felt there.
        ([[3.0], [5.0], [7.0]], [0.0, 0.0, 1.0], [0.5, 1.0, 0.25], [0, 0, 1.0],
         [0, 0, 0], [3.0, 0.0, 7.0]),
        # A row of 1 leaves no room: the row below does not feel it.
        ([[3.0], [5.0]], [0.0, 0.0], [0.5, 1.0], [0.0, 1.0], [0.0, 0.0], [0.0, 5.0]),
    ]
    for values, pops, pushes, g, g_pops, g_pushes in cases:
        tensors = (torch.tensor([x], dtype=torch.float64) for x in (values, pops, pushes, g))
        values, pops, pushes, g = (x.unsqueeze(2) for x in tensors)
        inputs = pops.requires_grad_(), pushes.requires_grad_()
        got = torch.autograd.grad(reads_loss("stack", values, *inputs, g.unsqueeze(3)), inputs)
        numbers = got[0].flatten().tolist() + got[1].flatten().tolist()
        yield from (abs(a - b) for a, b in zip(numbers, g_pops + g_pushes))


def run():
    """Every check."""
    for memory in ("stack", "queue", "deque"):
        error = max(check_memory(memory, seed) for seed in range(8))
        say(f"{memory} against central differences", error, 1e-7)
    say("at exact ties the left argument owns the derivative", max(check_ties()), 0)
    for cell, layers, memory in itertools.product(("rnn", "lstm", "gru"), (1, 2), ends.PORTS):
        error = check_model(cell, layers, memory, seed=layers)
        say(f"{cell}, layers {layers}, memory {memory}: every parameter", error, 1e-7)
