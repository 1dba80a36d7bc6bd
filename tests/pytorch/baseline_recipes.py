"""The two networks without a stack, and how each learns; baseline_training.py goes by it."""
from dataclasses import dataclass, replace

from schedules import stretched


@dataclass(frozen=True)
class BaselineRecipe:
    """How a network learns. What changes on the way is given by points: the update, and the value."""

    cell: str
    updates: int
    targets: int  # at most so many in an update, terminators included; its strings have one length
    matrix_rate: float  # Muon's
    rate: float  # Adam's, for all that is no matrix of a layer
    rates: tuple  # points of what both are multiplied by; from one to the next by equal factors
    exact_from: int  # the update from which products are of float32, not bfloat16
    rate_is_for: int = 12  # strings of up to so many characters; for longer ones the rates are multiplied
    rate_power: int = 1  # by this power of (rate_is_for / the longest of now)
    layers: int = 4
    hidden: int = 256
    embedding: int = 64
    symbols: int = 131
    misfed: float = 0.3  # the share of fed-back characters that are drawn instead of right
    clip: float = 1.0
    forget_bias: float = 0.0
    shortest: int = 8
    longest: int = 64
    first_longest: int = 8  # strings grow from here,
    grow_by: int = 4  # by so many characters,
    grow_below: float = 0.5  # when the running loss of the longest is below this, in nats
    long_shares: tuple = ((0, 0.5),)  # points of the chance that an update's strings are among the longest
    again_from: int | None = None  # the update with which they are taken back
    again_longest: int = 64  # to this, and then grow
    again_by: int = 2  # by so many,
    again_below: float = 12.0  # when a whole string of the longest costs less than this, in nats
    warm_up: int = 100  # updates
    seed: int = 1


RECIPES = {
    "rnn": BaselineRecipe(
        cell="rnn", updates=28_000, targets=4096, matrix_rate=0.01, rate=0.004, rate_power=2,
        rates=((6_700, 1.0), (6_700, 0.5), (25_000, 0.1), (28_000, 0.03)), exact_from=27_500,
        again_from=6_700, again_longest=46, long_shares=((0, 0.5), (6_700, 0.9), (25_000, 0.3)),
    ),
    "lstm": BaselineRecipe(
        cell="lstm", updates=17_000, targets=1024, matrix_rate=0.02, rate=0.005,
        rates=((10_200, 1.0), (17_000, 0.03)), exact_from=15_300, forget_bias=3.0,
    ),
}


def with_updates(recipe, updates):
    """The same recipe for another number of updates: what happens at some update happens in proportion."""
    r, factor = recipe, updates / recipe.updates
    return replace(
        r, updates=updates, rates=stretched(r.rates, factor), long_shares=stretched(r.long_shares, factor),
        exact_from=round(factor * r.exact_from), again_from=r.again_from and round(factor * r.again_from),
    )
