"""Trains a network without a stack to reverse strings: python3 lib/studies/baselines/train_baseline.py rnn | lstm.

Its weights go where --weights says; `deno task evaluate FILE` scores them. It takes one core for two
to three hours, if that multiplies bfloat16 fast. It can be stopped with Ctrl-C, and is resumed
when the same command is given again. The same command gives the same weights on the same kind of CPU and the same
PyTorch, 2.13.
"""
import argparse
import os
import signal
import sys
import time

from baseline_recipes import RECIPES, with_updates

REPORTED = 250  # updates from one report to the next
FOLDER = ".runs/baselines"


class Line(argparse.ArgumentParser):
    """A command line that is refused in one sentence."""

    def error(self, message):
        """Says why, and ends with exit code 2."""
        print(f"Cannot train a baseline: {message}", file=sys.stderr)
        sys.exit(2)


def read_line():
    """What the command line wants."""
    def updates(text):
        if not text.isdigit() or int(text) < 1:
            raise argparse.ArgumentTypeError(f"wanted a whole number of at least 1, got {text}")
        return int(text)

    parser = Line(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("network", choices=RECIPES)
    parser.add_argument("--updates", type=updates, help="a budget other than the recipe's")
    parser.add_argument("--weights", help=f"the file that it writes in the end; {FOLDER}/NETWORK.safetensors")
    return parser.parse_args()


def report(training, began, before):
    """A line of progress."""
    seconds = time.monotonic() - began
    done = training.updates - before
    left = seconds / done * (training.recipe.updates - training.updates) / 60
    print(f"{training.updates:,} updates, {training.strings:,} strings of up to {training.longest}, "
          f"loss of the longest {training.loss:.3f}, {done / seconds:.1f} updates a second, {left:.0f} min left",
          file=sys.stderr, flush=True)


def run(training, path):
    """Until the last update, or Ctrl-C, but for one at least, and whole ones; whether it was the last."""
    stops = []
    earlier = signal.signal(signal.SIGINT, lambda *_: stops.append(True))
    print(f"{training.recipe.updates:,} updates; Ctrl-C keeps what there is", file=sys.stderr, flush=True)
    began, before = time.monotonic(), training.updates
    try:
        while training.updates < training.recipe.updates:
            training.update()
            if training.updates % REPORTED == 0:
                training.save(path)
                report(training, began, before)
            if stops:
                break
    finally:
        training.save(path)
        signal.signal(signal.SIGINT, earlier)
    return training.updates == training.recipe.updates


def main():
    """The exit code."""
    line = read_line()
    # PyTorch takes seconds to import: only once the words of the command line are right.
    import torch
    from baseline_training import BaselineTraining
    from tensor_file import write_tensors

    torch.set_num_threads(1)  # sums of several threads have other bits
    recipe, path = RECIPES[line.network], f"{FOLDER}/{line.network}.pt"
    training = BaselineTraining(with_updates(recipe, line.updates or recipe.updates))
    try:
        if os.path.exists(path):
            training.load(path)
            print(f"Resuming after {training.updates:,} updates: {path}", file=sys.stderr)
        if not run(training, path):
            print(f"Stopped; the same command resumes from {path}.", file=sys.stderr)
            return 130
        weights = line.weights or f"{FOLDER}/{line.network}.safetensors"
        r = training.recipe
        notes = {"strings": str(training.strings), "updates": str(r.updates), "seed": str(r.seed)}
        write_tensors(weights, training.network.parameters, {**training.network.metadata(), **notes})
    except (ValueError, FloatingPointError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{training.strings:,} strings; score it with: deno task evaluate {weights}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
