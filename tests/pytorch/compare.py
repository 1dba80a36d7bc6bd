"""Answers what PyTorch makes of a model and a batch: python3 compare.py < requests > answers.

Both are JSON, one object a line; as many lines come out as went in.

Request
  shape       {"cell", "layers", "hidden", "embedding", "memory", "valueWidth", "symbols", ...}
  parameters  {name: numbers}, or the path of a JSON file that holds that object;
              numbers: base64 of little-endian float32, row by row, or a plain list
  batch       {"strings": [{"inputs", "targets", "valueTargets"?, "popping"?, "pushNoise"?, "popNoise"?}],
              and the weights of its loss, as in model.py}
  before      batches to run first, if any: each string starts from the state in which the same one of the batch before has
              ended, and all losses are added up
  detach      whether the gradient stops there
  precision   "float32" or "float64" (the default): what PyTorch computes in

Answer
  loss        a number
  logits      for each string of the last batch: base64 of little-endian float64, its own steps x symbols
  gradients   {name: base64 of little-endian float64}, in the order of the parameters
or {"error": sentence} for a request that cannot be answered.
"""
import base64
import json
import sys

import numpy as np
import torch

import model as sequence_model


def read_numbers(numbers):
    """A flat float32 array from base64 or from a plain list."""
    if isinstance(numbers, str):
        return np.frombuffer(base64.b64decode(numbers), dtype="<f4").copy()
    return np.array(numbers, dtype=np.float32).ravel()


def write_numbers(tensor):
    """Base64 of little-endian float64."""
    array = tensor.detach().double().contiguous().numpy().astype("<f8")
    return base64.b64encode(array.tobytes()).decode("ascii")


def load_parameters(model, parameters):
    """Puts numbers by plain name into a model: every name once, every shape right."""
    if isinstance(parameters, str):
        with open(parameters) as file:
            parameters = json.load(file)
    expected = model.state_dict()
    tensors = {}
    for name, numbers in parameters.items():
        array = read_numbers(numbers)
        wanted = expected[name].numel() if name in expected else 0
        if array.size != wanted:
            raise ValueError(f"Cannot load {name}: wanted {wanted} numbers, got {array.size}")
        tensors[name] = torch.from_numpy(array).reshape(expected[name].shape)
    model.load_state_dict(tensors, strict=True)


def answer(request):
    """Loss, logits and gradients of one request."""
    precision = {"float32": torch.float32, "float64": torch.float64}[request.get("precision", "float64")]
    model = sequence_model.SequenceModel(request["shape"]).to(precision)
    load_parameters(model, request["parameters"])
    total, start = 0, None
    for batch in [*request.get("before", []), request["batch"]]:
        loss, trace = sequence_model.loss_of(model, batch, start)
        total = total + loss
        start = [tuple(part.detach() if request.get("detach") else part for part in state) for state in trace["final"]]
    total.backward()
    lengths = [len(string["inputs"]) for string in request["batch"]["strings"]]
    return {
        "loss": total.item(),
        "logits": [write_numbers(rows[:T]) for rows, T in zip(trace["logits"], lengths)],
        "gradients": {name: write_numbers(gradient(p)) for name, p in model.named_parameters()},
    }


def gradient(parameter):
    """A parameter's gradient; zeros where the loss does not depend on it."""
    return torch.zeros_like(parameter) if parameter.grad is None else parameter.grad


def main():
    """Answers every line of standard input."""
    torch.set_num_threads(1)
    for line in sys.stdin:
        if not line.strip():
            continue
        try:
            reply = answer(json.loads(line))
        except (KeyError, ValueError, RuntimeError, IndexError, OSError) as error:
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    main()
