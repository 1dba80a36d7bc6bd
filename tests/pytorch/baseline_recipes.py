"""The two networks without a stack, and how each learns; what the two share stands in baseline_training.py."""
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class BaselineRecipe:
    """Rates are for matrices (Muon) and for all else (Adam); shares are of the updates."""

    cell: str
    layers: int
    updates: int
    matrix_rate: float
    rate: float
    hidden: int = 256
    embedding: int = 64
    symbols: int = 131
    characters: int = 2048  # targets of an update, terminators included, all strings of one length
    misfed: float = 0.3  # the share of fed-back characters that are drawn instead of right
    clip: float = 1.0
    forget_bias: float = 0.0
    shortest: int = 8
    longest: int = 64
    first_longest: int = 8  # strings grow from here,
    grow_by: int = 4  # by so many characters,
    grow_below: float = 1.0  # when the running loss is below this, in nats,
    grow_after: int = 0  # and so many updates have gone by since they last grew
    warm_up: int = 100  # updates
    full_rate: float = 0.1  # the share after which the rate falls,
    cool_to: float = 0.03  # exponentially, to this share of itself
    rate_is_for: int = 0  # strings of up to so many characters, less as 1 / length above; 0: of any length
    exact_from: float = 0.85  # the share after which products are of float32, not bfloat16
    seed: int = 1


RECIPES = {
    "rnn": BaselineRecipe(
        cell="rnn", layers=4, updates=11_000, matrix_rate=0.01, rate=0.004, characters=1024, grow_after=60,
        full_rate=0.1, cool_to=0.03, rate_is_for=32, exact_from=0.9,
    ),
    "lstm": BaselineRecipe(
        cell="lstm", layers=4, updates=7_000, matrix_rate=0.02, rate=0.005, characters=1024, grow_below=0.5,
        full_rate=0.3, cool_to=0.03, rate_is_for=24, forget_bias=3.0, exact_from=0.9,
    ),
}


def recipe_of(name, updates=None):
    """A network's recipe; with another number of updates, all that is a share of them goes along."""
    return replace(RECIPES[name], updates=updates) if updates else RECIPES[name]
