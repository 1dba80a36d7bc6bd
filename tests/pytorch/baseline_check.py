"""Holds the training of the baselines to what it says: python3 baseline_check.py; an error if a claim fails.

Strings and how they grow, the rate, another budget, and a training that is left and resumed against one
that is not. What it is made of, layers and Muon, is held by recurrence_check.py.
"""
import sys
import math
import os
import tempfile
from dataclasses import asdict, replace

import torch

sys.path.insert(1, os.path.join(os.path.dirname(__file__), "..", "..", "lib", "studies", "baselines"))

from baseline_recipes import RECIPES, Stage, with_updates
from baseline_training import LOSS_AT_FIRST, BaselineTraining, lay_out, misfeed
from model_check import say
from schedules import geometric
from tensor_file import read_tensors, write_tensors, write_whole


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


def tiny(*stages, **changes):
    """A training of ten updates; of one stage, unless stages are given, in which strings grow at once."""
    recipe = replace(RECIPES["lstm"], layers=1, hidden=6, embedding=4, symbols=8, targets=40,
                     updates=10, warm_up=2, rates=((0, 1.0),), exact_from=5,
                     stages=stages or (Stage(0, longest=8, grow_below=9.0),))
    return BaselineTraining(replace(recipe, **changes))


def check_recipe():
    """That mistakes, rounding and how gates begin are part of it."""
    def after_one(**changes):
        training = tiny(Stage(0, longest=8, grow_below=0.0), **changes)
        training.update()
        return training.loss

    for name in ("misfed", "exact_from"):
        assert after_one(**{name: 0}) != after_one(**{name: 1}), name
    bias = tiny(hidden=256).network.parameters["cells.0.bias"].detach().view(4, 2, 128)
    wanted = torch.tensor([[2, 0], [-2, RECIPES["lstm"].forget_bias], [0, 0], [2, 0]])
    say("gates at the start", (bias.mean(2) - wanted).abs().max().item(), 0.02)


def check_lengths():
    """Lengths that are drawn, and how many symbols of an answer are asked for."""
    def drawn(share, unasked=0, longest=20):
        training = tiny(Stage(0, longest=longest, long_share=share, unasked=unasked))
        return [training.draw_length() for _ in range(2000)]

    for got, wanted in (
        (drawn(1.0), (17, 20)), (drawn(0.0), (8, 20)), (drawn(1.0, 3), (21, 23)), (drawn(0.0, 3), (8, 20)),
        (drawn(1.0, 3, 63), (64, 64)), (drawn(1.0, 3, 64), (64, 64)), (drawn(1.0, 0, 6), (6, 6)),
    ):
        assert (min(got), max(got)) == wanted, wanted
    longest = sum(k > 16 for k in drawn(0.5)) / 2000
    say("the longest: share from 17 / 26", abs(longest - 17 / 26), 0.03)  # .5 + .5 x 4 / 13
    training = tiny(Stage(0, longest=20, unasked=3))
    assert [training.asked(k) for k in (8, 20, 21, 23)] == [9, 21, 20, 20]
    losses = []
    for unasked in (0, 3):  # the last characters of such an answer are not asked for, and cost nothing
        training = tiny(Stage(0, longest=8 - unasked, grow_below=0.0, long_share=1.0, unasked=unasked))
        training.draw_length = lambda: 8
        with torch.no_grad():
            training.network.parameters["logits.bias"][7] = -50.0  # the terminator's
        training.update()
        losses.append(training.loss)
    assert losses[0] > LOSS_AT_FIRST > losses[1], losses


def check_growth():
    """Nothing but the longest strings lets them grow."""
    for k, below, longest in ((16, 9.0, 20), (17, 9.0, 24), (17, 0.0, 20)):
        training = tiny(Stage(0, longest=20, grow_below=below))
        training.draw_length = lambda k=k: k
        training.update()
        assert training.longest == longest, (k, below)
        assert (training.loss == LOSS_AT_FIRST) == (k == 16 or longest == 24), (k, below)
    training, losses = tiny(Stage(0, longest=62)), []
    for _ in range(60):
        training.grow(0.0)
        losses.append(training.loss)
    say("running loss after ten of 0", abs(losses[9] - LOSS_AT_FIRST / math.e), 1e-12)
    assert training.longest == 64 and losses.count(LOSS_AT_FIRST) == 1, losses  # it grew once


def check_stages():
    """Each sets the longest, once; then another step and another threshold: of 21 symbols, terminator and all."""
    def of_two(updates, longest, **second):
        training = tiny(Stage(0, longest=8), Stage(5, 12, grow_by=2, of_string=True, **second))
        training.updates, training.longest, training.loss = updates, longest, 1.0
        return training

    for updates, before, after in ((0, 20, 20), (4, 20, 20), (5, 20, 12), (5, 10, 12), (6, 20, 20)):
        training = of_two(updates, before)
        training.begin_stage()
        assert training.longest == after, updates
        assert training.loss == (LOSS_AT_FIRST if updates == 5 else 1), updates
    for updates, below, longest in ((4, 99.0, 20), (5, 21.0, 20), (5, 21.01, 22)):
        training = of_two(updates, 20, grow_below=below)
        training.grow(1.0)
        assert training.longest == longest, (updates, below)
        assert training.below_longest() == longest - (4 if updates == 4 else 2), updates
    training = tiny(Stage(0, longest=20, grow_below=0.0), Stage(5, longest=9, grow_below=0.0))
    for updates in range(10):
        training.update()
        assert training.longest == (20 if updates < 5 else 9), updates


def check_schedules():
    """Before, at, between and after the points; a jump at the first of them, and at another."""
    for points, updates, wanted in (
        (((5, 1.0), (5, 0.25), (10, 0.01)), (0, 5, 5.0001, 7.5, 10, 11), (1, 1, 0.25, 0.05, 0.01, 0.01)),
        (((2, 4.0), (4, 1.0), (4, 3.0)), (1, 3, 4, 5), (4, 2, 1, 3)),
    ):
        for u, w in zip(updates, wanted):
            say(f"from point to point, at {u}", abs(geometric(points, u) - w), 1e-4)


def check_rate():
    """Slow at first, full, cool, and less for longer strings."""
    for power, wanted in ((1, 0.5), (2, 0.25)):
        training = tiny(warm_up=1, rate_is_for=16, rate_power=power)
        training.longest = 32
        say(f"rate of strings twice as long, to the power {power}", abs(training.rate() - wanted), 1e-12)
    training = tiny(Stage(0, longest=8), Stage(5, longest=8, faster=3.0), warm_up=1, rates=((0, 0.5),))
    for updates, wanted in ((4, 0.5), (5, 1.5)):
        training.updates = updates
        say(f"rate of another stage after {updates} updates", abs(training.rate() - wanted), 1e-12)
    training = tiny(warm_up=4, rates=((5, 1.0), (10, 0.01)), rate_is_for=16)
    for updates, longest, wanted in ((0, 8, 0.25), (5, 8, 1), (5, 64, 0.25), (10, 16, 0.01), (10, 32, 0.005)):
        training.updates, training.longest = updates, longest
        say(f"rate after {updates} updates, {longest} characters", abs(training.rate() - wanted), 1e-12)


def check_budget():
    """With another number of updates everything happens in proportion."""
    r = replace(RECIPES["rnn"], updates=100, rates=((50, 1.0), (90, 0.1)), exact_from=80,
                stages=(Stage(0, longest=8), Stage(70, longest=9, grow_by=3)))
    assert with_updates(r, 50) == replace(r, updates=50, rates=((25, 1.0), (45, 0.1)), exact_from=40,
                                          stages=(Stage(0, longest=8), Stage(35, longest=9, grow_by=3)))


def check_recipes():
    """Both: in order, within their updates and lengths; and one update of each."""
    for name, r in RECIPES.items():
        begins, points = [stage.begins for stage in r.stages], [update for update, _ in r.rates]
        assert begins[0] == 0 and begins == sorted(set(begins)) and points == sorted(points), name
        assert max(*begins, r.exact_from) < r.updates == points[-1], name
        assert all(r.shortest <= stage.longest <= r.longest for stage in r.stages), name
        training = BaselineTraining(with_updates(r, 2))
        assert training.longest == training.stage().longest, name
        training.update()
        assert training.strings > 0, name


def check_training():
    """A gradient that is not finite, a training left and resumed, and files that are none."""
    def staged():
        return tiny(Stage(0, longest=8, grow_below=9.0), Stage(5, longest=9, grow_below=9.0, unasked=2))

    whole, parts, longest = staged(), staged(), []
    for _ in range(10):
        whole.update()
        longest.append(whole.longest)
    assert longest[4] > 9 < whole.longest and longest[5] in (9, 13), longest  # any loss is below 9
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "a.pt")
        for _ in range(10):
            parts.update()
            parts.save(path)
            parts = staged()
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
        torch.save({"recipe": {**asdict(tiny(rate=9.0).recipe), "once": 1}}, foreign)
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
    check_strings()
    check_recipe()
    check_lengths()
    check_growth()
    check_stages()
    check_schedules()
    check_rate()
    check_budget()
    check_recipes()
    check_training()
    print("every claim holds")


if __name__ == "__main__":
    main()
