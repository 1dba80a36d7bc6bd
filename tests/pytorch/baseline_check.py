"""Holds the training of the baselines to what it says: python3 baseline_check.py; an error if a claim fails.

Layers with hand-written gradients against model.py's autograd, Muon against singular values, strings and how
they grow, the rate, and a training that is left and gone on with against one that is not.
"""
import math
import os
import tempfile
from dataclasses import replace

import torch
from torch.nn import functional as F

import model as sequence_model
from baseline_network import BaselineNetwork
from baseline_recipes import RECIPES
from baseline_training import LOSS_AT_FIRST, BaselineTraining, lay_out, misfeed
from model_check import say
from muon import Muon, orthogonal
from tensor_file import read_tensors, write_tensors, write_whole

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


def check_strings():
    """The layout that baseline_training.py draws, and mistakes where characters are fed back and nowhere else."""
    random = torch.Generator().manual_seed(6)
    inputs, targets = lay_out(1, 2, 6, random)
    a, b = inputs[1:3, 0].tolist()
    assert inputs[:, 0].tolist() == [6, a, b, 7, b, a] and targets[:, 0].tolist() == [b, a, 8]
    inputs, _ = lay_out(100, 30, 128, random)
    assert torch.equal(misfeed(inputs, 30, 0.0, 128, random), inputs)
    differ = misfeed(inputs, 30, 0.3, 128, random) != inputs
    assert not differ[:32].any()
    say("mistakes: share from .3", abs(differ[32:].float().mean().item() - 0.3), 0.02)


def tiny(**changes):
    """A training of ten updates."""
    recipe = replace(RECIPES["lstm"], layers=1, hidden=6, embedding=4, symbols=8, targets=40,
                     updates=10, warm_up=2, grow_below=9.0, exact_from=0.5)
    return BaselineTraining(replace(recipe, **changes))


def check_recipe():
    """That mistakes, rounding and how gates begin are part of it."""
    def after_one(**changes):
        training = tiny(grow_below=0.0, long_share=1.0, **changes)
        training.update()
        return training.loss

    for name in ("misfed", "exact_from"):
        assert after_one(**{name: 0.0}) != after_one(**{name: 1.0}), name
    bias = tiny(hidden=256).network.parameters["cells.0.bias"].detach().view(4, 2, 128)
    wanted = torch.tensor([[2, 0], [-2, RECIPES["lstm"].forget_bias], [0, 0], [2, 0]])
    say("gates at the start", (bias.mean(2) - wanted).abs().max().item(), 0.02)


def check_growth():
    """Lengths that are drawn, and that nothing but the longest strings lets them grow."""
    def drawn(share):
        training = tiny(long_share=share)
        training.longest = 20
        return [training.draw_length() for _ in range(2000)]

    assert (min(drawn(1.0)), max(drawn(1.0))) == (17, 20)
    assert (min(drawn(0.0)), max(drawn(0.0))) == (8, 20)
    longest = sum(k > 16 for k in drawn(0.5)) / 2000
    say("the longest: share from 17 / 26", abs(longest - 17 / 26), 0.03)  # .5 + .5 x 4 / 13
    for k, below, longest in ((16, 9.0, 20), (17, 9.0, 24), (17, 0.0, 20)):
        training = tiny(grow_below=below)
        training.longest, training.draw_length = 20, lambda k=k: k
        training.update()
        assert training.longest == longest, (k, below)
        assert (training.loss == LOSS_AT_FIRST) == (k == 16 or longest == 24), (k, below)
    training = tiny(grow_below=0.5)
    training.longest, losses = 62, []
    for _ in range(60):
        training.grow(0.0)
        losses.append(training.loss)
    say("running loss after ten of 0", abs(losses[9] - LOSS_AT_FIRST / math.e), 1e-12)
    assert training.longest == 64 and losses.count(LOSS_AT_FIRST) == 1, losses  # it grew once


def check_taking_back():
    """Once, and from then on another step and another threshold: of 21 symbols, the terminator among them."""
    for updates, before, after in ((4, 20, 20), (5, 20, 12), (5, 10, 10), (6, 20, 20)):
        training = tiny(again_from=0.5, again_longest=12)
        training.updates, training.longest, training.loss = updates, before, 0.0
        training.take_back()
        assert training.longest == after, updates
        assert training.loss == (LOSS_AT_FIRST if updates == 5 else 0), updates
    for updates, below, longest in ((4, 0.0, 24), (5, 21.0, 20), (5, 21.01, 22)):
        training = tiny(again_from=0.5, again_below=below)
        training.updates, training.longest, training.loss = updates, 20, 1.0
        training.grow(1.0)
        assert training.longest == longest, (updates, below)
        assert training.below_longest() == longest - (4 if updates == 4 else 2), updates
    training = tiny(again_from=0.5, again_longest=9, grow_below=0.0, again_below=0.0)
    training.longest = 20
    for updates in range(10):
        training.update()
        assert training.longest == (20 if updates < 5 else 9), updates


def check_rate():
    """Slow at first, full, dropped, cool, and less for longer strings."""
    training = tiny(warm_up=1, full_rate=0.5, drop_to=0.25, cool_to=0.01)
    for updates, wanted in ((5, 1), (5.0001, 0.25), (7.5, 0.05), (10, 0.01)):
        training.updates = updates
        say(f"rate after {updates} of 10 updates", abs(training.rate() - wanted), 1e-4)
    for power, wanted in ((1, 0.5), (2, 0.25)):
        training = tiny(warm_up=1, rate_is_for=16, rate_power=power)
        training.longest = 32
        say(f"rate of strings twice as long, to the power {power}", abs(training.rate() - wanted), 1e-12)
    training = tiny(warm_up=4, full_rate=0.5, cool_to=0.01, rate_is_for=16)
    for updates, longest, wanted in ((0, 8, 0.25), (5, 8, 1), (5, 64, 0.25), (10, 16, 0.01), (10, 32, 0.005)):
        training.updates, training.longest = updates, longest
        say(f"rate after {updates} updates, {longest} characters", abs(training.rate() - wanted), 1e-12)


def check_training():
    """A gradient that is not finite, a training left and gone on with, and files that are none."""
    whole, parts = tiny(), tiny()
    for _ in range(10):
        whole.update()
    assert whole.longest > 16  # any loss is below 9
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "a.pt")
        for _ in range(10):
            parts.update()
            parts.save(path)
            parts = tiny()
            parts.load(path)
        for name, p in whole.network.parameters.items():
            assert torch.equal(p, parts.network.parameters[name]), name
        assert (parts.strings, parts.loss, parts.longest) == (whole.strings, whole.loss, whole.longest)
        file = os.path.join(folder, "a.safetensors")
        write_tensors(file, whole.network.parameters, whole.network.metadata())
        tensors, metadata = read_tensors(file)
        assert all(torch.equal(p, tensors[name]) for name, p in whole.network.parameters.items())
        assert metadata["cell"] == "lstm"
        short = os.path.join(folder, "short.pt")
        write_whole(short, b".")
        foreign = os.path.join(folder, "foreign.pt")
        torch.save({"recipe": {**vars(tiny(rate=9.0).recipe), "once": 1}}, foreign)
        for broken, wanted in ((path, "wanted rate 9.0"), (foreign, "wanted once None"),
                               (file, "Cannot read"), (short, "Cannot read")):
            try:
                tiny(rate=9.0).load(broken)
                raise AssertionError("loaded")
            except ValueError as error:
                assert wanted in str(error), error
        os.mkdir(os.path.join(folder, "folder"))
        before = sorted(os.listdir(folder))
        for place in ("folder", "a.pt/b"):
            try:
                whole.save(os.path.join(folder, place))
                raise AssertionError("saved")
            except OSError as error:
                assert "Cannot write" in str(error) and place in str(error), error
        assert sorted(os.listdir(folder)) == before
    with torch.no_grad():
        whole.network.parameters["logits.bias"][0] = float("nan")
    before = whole.network.parameters["logits.weight"].clone()
    try:
        whole.update()
        raise AssertionError("updated")
    except FloatingPointError as error:
        assert "Update 11" in str(error), error
    assert torch.equal(before, whole.network.parameters["logits.weight"])


def main():
    """Every claim."""
    torch.set_num_threads(1)
    check_layers("rnn")
    check_layers("lstm")
    check_muon()
    check_strings()
    check_recipe()
    check_growth()
    check_taking_back()
    check_rate()
    check_training()
    print("every claim holds")


if __name__ == "__main__":
    main()
