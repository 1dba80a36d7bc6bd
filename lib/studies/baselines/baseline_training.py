"""Teaches a network without a stack to reverse strings: growing strings, Muon, and a rate that falls.

    | input  | start | a_1 | ... | a_k   | separator | a_k     | ... | a_1        |
    | target |       |     |     |       | a_k       | a_{k-1} | ... | terminator |

The strings of an update all have k characters: a coin says whether they are among the longest of now, or any.
What the longest cost decides when strings grow. A loss over all lengths would say more of the lengths that
happened to be drawn, and strings would grow although the network loses their first characters. An RNN loses
them all the same, and lost ones teach it nothing. So its recipe has stages: strings are taken back to what it reads
in full and grow with care, then their first characters are not asked for, and at last they have any length.

Sources: Bengio et al. 2009, "Curriculum Learning"; Bengio et al. 2015, "Scheduled Sampling", for the mistakes.
"""
import io
import math
import pickle
from dataclasses import asdict

import torch
from torch.nn import functional as F

from baseline_network import GATES, BaselineNetwork
from muon import Muon
from schedules import geometric
from tensor_file import write_whole

LOSS_AT_FIRST = 4.85  # nats, near ln 131: what knowing nothing costs
REMEMBERED = 10  # updates with the longest strings, that their running loss goes back


def lay_out(count, k, characters, random):
    """Strings drawn, one a column: inputs (2k + 2) x count and targets (k + 1) x count."""
    a = torch.randint(0, characters, (k, count), generator=random)
    start, separator, terminator = (torch.full((1, count), characters + mark) for mark in range(3))
    reverse = a.flip(0)
    return torch.cat([start, a, separator, reverse]), torch.cat([reverse, terminator])


def misfeed(inputs, k, share, characters, random):
    """The same inputs, but for a share of the characters fed back: those are drawn.

    A network that is fed nothing but right answers leans on them, and its first mistake ruins the rest. Fed
    some that are wrong, it learns to go on.
    """
    fed = inputs[k + 2 :]
    wrong = torch.rand(fed.shape, generator=random) < share
    drawn = torch.randint(0, characters, fed.shape, generator=random)
    return torch.cat([inputs[: k + 2], torch.where(wrong, drawn, fed)])


class BaselineTraining:
    """A training that can be left after any update and resumed, to the same bits."""

    def __init__(self, recipe):
        shape = {"cell": recipe.cell, "layers": recipe.layers, "hidden": recipe.hidden,
                 "embedding": recipe.embedding, "symbols": recipe.symbols}
        self.recipe = recipe
        self.random = torch.Generator().manual_seed(recipe.seed)
        self.network = BaselineNetwork(shape, recipe.forget_bias, self.random)
        self.muon = Muon(self.network.recurrent_weights(), GATES[recipe.cell])
        self.adam = torch.optim.Adam(self.network.others(), betas=(0.9, 0.99), fused=True)
        self.updates = self.strings = 0
        self.longest, self.loss = self.stage().longest, LOSS_AT_FIRST

    def rate(self):
        """What both rates are multiplied by."""
        r = self.recipe
        warm = min(1, (self.updates + 1) / r.warm_up)
        of_length = min(1, r.rate_is_for / self.longest) ** r.rate_power
        return warm * self.stage().faster * geometric(r.rates, self.updates) * of_length

    def stage(self):
        """The last that has begun."""
        return [stage for stage in self.recipe.stages if stage.begins <= self.updates][-1]

    def begin_stage(self):
        """With its first update, a stage says how long strings are."""
        stage = self.stage()
        if self.updates > 0 and self.updates == stage.begins:
            self.longest, self.loss = stage.longest, LOSS_AT_FIRST

    def below_longest(self):
        """Strings that are longer than this count as the longest of now."""
        return self.longest - self.stage().grow_by

    def draw_length(self):
        """How many characters the strings of an update have."""
        r, stage = self.recipe, self.stage()
        shortest, longest = min(r.shortest, self.longest), self.longest
        if torch.rand((), generator=self.random) < stage.long_share:
            longest = min(r.longest, self.longest + stage.unasked)
            above = self.longest if stage.unasked else self.below_longest()
            shortest = min(longest, max(shortest, above + 1))
        return int(torch.randint(shortest, longest + 1, (1,), generator=self.random))

    def asked(self, k):
        """How many symbols of an answer count: all; of a string that is too long, as many as the longest has
        characters, and so neither what it would write after them nor its terminator."""
        return k + 1 if k <= self.longest else self.longest

    def update(self):
        """One update.

        Raises FloatingPointError, and leaves the network as it was, if a gradient is not finite.
        """
        r, parameters = self.recipe, list(self.network.parameters.values())
        rate, exact = self.rate(), self.updates >= r.exact_from  # in a stage's first, of the strings before it
        self.begin_stage()
        k = self.draw_length()
        count = max(1, r.targets // (k + 1))
        inputs, targets = lay_out(count, k, r.symbols - 3, self.random)
        inputs = misfeed(inputs, k, r.misfed, r.symbols - 3, self.random)
        asked = self.asked(k)
        inputs, targets = inputs[: k + 1 + asked], targets[:asked]
        logits = self.network.logits(inputs, k + 1, exact)
        loss = F.cross_entropy(logits.reshape(-1, r.symbols), targets.reshape(-1))
        for p in parameters:
            p.grad = None
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(parameters, r.clip)
        if not torch.isfinite(norm):
            raise FloatingPointError(f"Update {self.updates + 1}: wanted a finite gradient, got a norm of {norm}")
        for group in self.adam.param_groups:
            group["lr"] = r.rate * rate
        self.adam.step()
        self.muon.step(r.matrix_rate * rate)
        self.updates, self.strings = self.updates + 1, self.strings + count
        if k > self.below_longest():
            self.grow(loss.item())

    def grow(self, loss):
        """Remembers a loss of the longest strings, and lets them grow once they cost little.

        The running loss then begins anew, so that it takes two to five dozen such updates to grow again.
        """
        stage = self.stage()
        self.loss += (1 - math.exp(-1 / REMEMBERED)) * (loss - self.loss)
        below = stage.grow_below / (self.longest + 1) if stage.of_string else stage.grow_below
        if self.longest < self.recipe.longest and self.loss < below:
            self.longest = min(self.recipe.longest, self.longest + stage.grow_by)
            self.loss = LOSS_AT_FIRST

    def save(self, path):
        """Everything that the next update depends on, under a temporary name first."""
        state = {
            "recipe": asdict(self.recipe),
            "parameters": {name: p.detach() for name, p in self.network.parameters.items()},
            "means": self.muon.means,
            "adam": self.adam.state_dict(),
            "random": self.random.get_state(),
            "so_far": (self.updates, self.strings, self.longest, self.loss),
        }
        content = io.BytesIO()
        torch.save(state, content)
        write_whole(path, content.getvalue())

    def load(self, path):
        """Resumes from what save left. Raises ValueError if it is damaged, or another recipe left it."""
        try:
            state = torch.load(path)
            kept, own = state["recipe"], asdict(self.recipe)
            other = [name for name in {**own, **kept} if kept.get(name) != own.get(name)]
            if not other:
                self.restore(state)
        except (RuntimeError, EOFError, LookupError, AttributeError, TypeError, ValueError,
                pickle.UnpicklingError) as error:
            raise ValueError(
                f"Cannot read {path}: wanted a training to resume, got none; delete it to begin anew"
            ) from error
        if other:
            name = other[0]
            raise ValueError(f"Cannot resume {path}: wanted {name} {own.get(name)}, got {kept.get(name)}; "
                             "delete it to begin anew")

    def restore(self, state):
        """Takes over everything that save keeps."""
        with torch.no_grad():
            for name, p in self.network.parameters.items():
                p.copy_(state["parameters"][name])
        self.muon.means = state["means"]
        self.adam.load_state_dict(state["adam"])
        self.random.set_state(state["random"])
        self.updates, self.strings, self.longest, self.loss = state["so_far"]
