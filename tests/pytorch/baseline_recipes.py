"""The two networks without a stack, and how each learns; baseline_training.py goes by it."""
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class BaselineRecipe:
    """Rates are for matrices (Muon) and for all else (Adam); shares are of the updates, unless they say of what."""

    cell: str
    updates: int
    targets: int  # at most so many in an update, terminators included; its strings have one length
    matrix_rate: float
    rate: float
    full_rate: float  # the share after which the rate falls:
    drop_to: float = 1.0  # to this share of what it was at once,
    cool_to: float = 0.03  # and exponentially to this one by the end
    rate_is_for: int = 12  # strings of up to so many characters; for longer ones it is multiplied
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
    again_from: float = 1.0  # the share after which they are taken back
    again_longest: int = 64  # to this, and then grow
    again_by: int = 2  # by so many,
    again_below: float = 12.0  # when a whole string of the longest costs less than this, in nats
    long_share: float = 0.5  # the chance that an update's strings are among the longest
    warm_up: int = 100  # updates
    exact_from: float = 0.9  # the share after which products are of float32, not bfloat16
    seed: int = 1


RECIPES = {
    "rnn": BaselineRecipe(
        cell="rnn", updates=10_000, targets=4096, matrix_rate=0.01, rate=0.004, rate_power=2,
        full_rate=0.67, drop_to=0.5, cool_to=0.1, again_from=0.67, again_longest=46, exact_from=0.98,
    ),
    "lstm": BaselineRecipe(
        cell="lstm", updates=17_000, targets=1024, matrix_rate=0.02, rate=0.005, full_rate=0.6, forget_bias=3.0,
    ),
}


def recipe_of(name, updates=None):
    """A network's recipe; with another number of updates, all that is a share of them goes along."""
    return replace(RECIPES[name], updates=updates) if updates else RECIPES[name]
