"""The two networks without a stack, and how each learns; baseline_training.py goes by it."""
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Stage:
    """Which strings are drawn, and when they grow."""

    begins: int  # with this update,
    longest: int  # and strings of so many characters, however long they have grown
    grow_by: int = 4  # they grow by so many,
    grow_below: float = 0.5  # when the running loss of the longest is below this, in nats
    of_string: bool = False  # of a whole string; else of a symbol
    long_share: float = 0.5  # the chance that an update's strings are among the longest
    unasked: int = 0  # if so, those are longer by 1 to so many characters; their first ones are not asked for
    faster: float = 1.0  # what the rates are multiplied by as long as it lasts


@dataclass(frozen=True)
class BaselineRecipe:
    """How a network learns."""

    cell: str
    updates: int
    targets: int  # at most so many in an update, terminators included; its strings have one length
    matrix_rate: float  # Muon's
    rate: float  # Adam's, for all that is no matrix of a layer
    rates: tuple  # points (update, what both are multiplied by); from one to the next by equal factors
    stages: tuple
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
    warm_up: int = 100  # updates
    seed: int = 1


# For an RNN, which keeps some 50 characters: those before them are not asked for, since it can only guess them.
CAREFUL = Stage(0, longest=64, grow_by=1, grow_below=4.5, of_string=True, long_share=0.9, unasked=3, faster=3.0)
RECIPES = {
    "rnn": BaselineRecipe(
        cell="rnn", updates=30_000, targets=4096, matrix_rate=0.01, rate=0.004, rate_power=2, exact_from=19_000,
        rates=((6_700, 1.0), (6_700, 0.5), (25_000, 0.1), (28_500, 0.1), (30_000, 0.01)),
        stages=(
            Stage(0, longest=8),
            Stage(6_700, longest=46, grow_by=2, grow_below=12.0, of_string=True, long_share=0.9),
            replace(CAREFUL, begins=19_000, longest=53, grow_below=2.5, faster=1.0),
            replace(CAREFUL, begins=20_750, longest=54),
            replace(CAREFUL, begins=23_000, longest=54, long_share=0.85, unasked=10),
            replace(CAREFUL, begins=28_500, longest=55, long_share=0.5, unasked=10),
        ),
    ),
    "lstm": BaselineRecipe(
        cell="lstm", updates=17_000, targets=1024, matrix_rate=0.02, rate=0.005, exact_from=15_300,
        rates=((10_200, 1.0), (17_000, 0.03)), stages=(Stage(0, longest=8),), forget_bias=3.0,
    ),
}


def with_updates(recipe, updates):
    """The same for another number of updates: what happens at some update, but for warming up, moves along."""
    def moved(update):
        return round(update * updates / recipe.updates)

    return replace(
        recipe, updates=updates, exact_from=moved(recipe.exact_from),
        rates=tuple((moved(update), value) for update, value in recipe.rates),
        stages=tuple(replace(stage, begins=moved(stage.begins)) for stage in recipe.stages),
    )
