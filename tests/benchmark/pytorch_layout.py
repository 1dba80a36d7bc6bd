"""All parameters in one flat tensor, laid out for the hand-written variants, and back to plain names.

Clipping and Adam work number by number, so any layout does the same work; this one needs no copies:
  table_weight (embedding's part of W_ih) and rh_weight = [W_ih's part for r | W_hh] stand apart,
  an LSTM's gates lie in the order o, i, f, g: three sigmoids side by side, and i, f, g side by side,
  value, push and pop are one head of M + 2 rows.

G gates, H hidden, E embedding, M value width, K symbols.
"""
import torch


def blocks(size):
    """Name and shape of each part of the flat tensor."""
    H, E, M, K = (size[name] for name in ("hidden", "embedding", "valueWidth", "symbols"))
    GH = {"rnn": 1, "lstm": 4}[size["cell"]] * H
    states = [("h0", (H,)), ("c0", (H,))] if size["cell"] == "lstm" else [("h0", (H,))]
    return [
        ("embedding", (K, E)), ("table_weight", (GH, E)), ("rh_weight", (GH, M + H)), ("bias", (GH,)),
        *states, ("heads_weight", (M + 2, H)), ("heads_bias", (M + 2,)),
        ("output_weight", (M, H)), ("output_bias", (M,)), ("logits_weight", (K, M)), ("logits_bias", (K,)),
    ]


def places(size):
    """Name, shape, start and length of each block; each starts at 64 bytes."""
    end = 0
    for name, shape in blocks(size):
        count = torch.Size(shape).numel()
        yield name, shape, end, count
        end += -(-count // 16) * 16


def views_of(flat, size):
    """The blocks as views of the flat tensor."""
    return {name: flat[start : start + n].view(shape) for name, shape, start, n in places(size)}


def flat_views(size):
    """A flat tensor of zeros, and its blocks."""
    _, _, start, count = list(places(size))[-1]
    flat = torch.zeros(start + -(-count // 16) * 16)
    return flat, views_of(flat, size)


def flatten(blocks_of, size):
    """Separate blocks as one flat tensor."""
    return torch.cat([
        torch.nn.functional.pad(blocks_of[name].flatten(), (0, -n % 16)) for name, _, _, n in places(size)
    ])


def reorder_gates(rows, size, order):
    """Gate blocks of an LSTM's rows in another order."""
    if size["cell"] == "rnn":
        return rows
    gates = rows.unflatten(0, (4, size["hidden"]))
    return gates[list(order)].flatten(0, 1)


def fill(blocks_of, parameters, size):
    """Copies parameters by plain name into the blocks; i, f, g, o becomes o, i, f, g."""
    E, order = size["embedding"], (3, 0, 1, 2)
    w_ih = reorder_gates(parameters["cells.0.weight_ih"], size, order)
    w_hh = reorder_gates(parameters["cells.0.weight_hh"], size, order)
    heads = ("value", "push", "pop")
    values = {
        "embedding": parameters["embedding.weight"],
        "table_weight": w_ih[:, :E],
        "rh_weight": torch.cat([w_ih[:, E:], w_hh], 1),
        "bias": reorder_gates(parameters["cells.0.bias"], size, order),
        "h0": parameters["cells.0.h0"],
        "c0": parameters.get("cells.0.c0"),
        "heads_weight": torch.cat([parameters[f"{head}.weight"] for head in heads]),
        "heads_bias": torch.cat([parameters[f"{head}.bias"] for head in heads]),
        **{f"{head}_{part}": parameters[f"{head}.{part}"]
           for head in ("output", "logits") for part in ("weight", "bias")},
    }
    for name, block in blocks_of.items():
        block.copy_(values[name])


def by_plain_name(blocks_of, size):
    """The blocks, or their gradients, under the plain names."""
    M, order = size["valueWidth"], (1, 2, 3, 0)
    rh = blocks_of["rh_weight"]
    w_ih = torch.cat([blocks_of["table_weight"], rh[:, :M]], 1)
    named = {
        "embedding.weight": blocks_of["embedding"],
        "cells.0.weight_ih": reorder_gates(w_ih, size, order),
        "cells.0.weight_hh": reorder_gates(rh[:, M:], size, order),
        "cells.0.bias": reorder_gates(blocks_of["bias"], size, order),
        **{f"cells.0.{state}": blocks_of[state] for state in ("h0", "c0") if state in blocks_of},
    }
    for head, rows in (("push", slice(M, M + 1)), ("pop", slice(M + 1, M + 2)), ("value", slice(0, M))):
        named[f"{head}.weight"] = blocks_of["heads_weight"][rows]
        named[f"{head}.bias"] = blocks_of["heads_bias"][rows]
    for head in ("output", "logits"):
        named[f"{head}.weight"] = blocks_of[f"{head}_weight"]
        named[f"{head}.bias"] = blocks_of[f"{head}_bias"]
    return {name: tensor.clone() for name, tensor in named.items()}
