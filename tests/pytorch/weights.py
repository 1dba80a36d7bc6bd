"""What PyTorch makes of networks in weights files: python3 weights.py < requests > answers.

Both are JSON, one object a line; as many lines come out as went in.

Request
  weights  the path of a weights file
  pairs    a source and its target each, both lists of symbols without marks

Answer, computed in float64
  logits   for each pair: base64 of little-endian float64, steps x symbols, with teacher forcing
           (start, source, separator, target)
  answers  for each source of k symbols: what the network writes by itself, symbol by symbol, until its
           terminator or 2k symbols
or {"error": sentence} for a request that cannot be answered.

The file's tensors have the names and shapes of the model in model.py, and its metadata say the shape;
lib/weights/trained_model.ts has the list.
"""
import os
import base64
import json
import struct
import sys

import torch

sys.path.insert(1, os.path.join(os.path.dirname(__file__), "..", "..", "lib", "studies", "baselines"))

import model as sequence_model
from tensor_file import read_tensors

SIZES = ("layers", "hidden", "embedding", "valueWidth", "symbols")


def load_network(path):
    """The model, every parameter of the file in it and no other, and how many characters it knows."""
    tensors, metadata = read_tensors(path)
    sizes = {name: int(metadata[name]) for name in SIZES}
    if "memoryCells" in metadata:
        sizes["memoryCells"] = int(metadata["memoryCells"])
    model = sequence_model.SequenceModel({"cell": metadata["cell"], "memory": metadata["memory"], **sizes})
    model.load_state_dict(tensors, strict=True)
    return model.double(), int(metadata["characters"])


def logits_of(model, inputs):
    """T x K."""
    return model(torch.tensor([inputs]))["logits"][0]


def decode(model, characters, source):
    """Each step is fed what was written at the last one: run anew from the start each time, for plainness."""
    start, separator, terminator = range(characters, characters + 3)
    written = []
    while len(written) < 2 * len(source) and terminator not in written:
        fed = [start, *source, separator, *written]
        written.append(logits_of(model, fed)[-1].argmax().item())
    return written


def to_base64(numbers):
    """Of little-endian float64."""
    return base64.b64encode(struct.pack(f"<{len(numbers)}d", *numbers)).decode("ascii")


def answer(request):
    """Logits and answers of one request."""
    model, characters = load_network(request["weights"])
    pairs = request["pairs"]
    with torch.no_grad():
        forced = [[characters, *source, characters + 1, *target] for source, target in pairs]
        return {
            "logits": [to_base64(logits_of(model, fed).flatten().tolist()) for fed in forced],
            "answers": [decode(model, characters, source) for source, _ in pairs],
        }


def main():
    """Answers every line of standard input."""
    torch.set_num_threads(1)
    for line in sys.stdin:
        try:
            reply = answer(json.loads(line))
        except (KeyError, ValueError, RuntimeError, IndexError, OSError) as error:
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    main()
