"""Answers what PyTorch makes of encoder-decoders and captioners: python3 decoders.py < requests > answers.

Requests and answers are those of compare.py, with another shape and another batch:
  shape       of an encoder-decoder, or of a captioner if it has an image
  dimensions  {name: list} of the parameters
  batch       {"strings": [{"source", "inputs", "targets"}]} or {"images": [{"image", "inputs", "targets"}]}, and outputWeight

Cells, convolution, pooling and dot-product attention are PyTorch's own; autograd finds every gradient.

S places, T steps, C numbers at a place, K symbols.
"""
import json
import sys

import torch
from torch.nn import functional as F

from compare import read_numbers, write_numbers


def step_cell(kind, p, name, x, state):
    """One step of PyTorch's own cell; its second bias is 0, or in a GRU b_hn."""
    weights = p[f"{name}.weight_ih"], p[f"{name}.weight_hh"]
    bias = p[f"{name}.bias"]
    other = torch.zeros_like(bias)
    if kind == "rnn":
        return (torch.rnn_tanh_cell(x, state[0], *weights, bias, other),)
    if kind == "lstm":
        return torch.lstm_cell(x, state, *weights, bias, other)
    b_hn = p[f"{name}.bias_hn"]
    other = torch.cat([other[: -b_hn.numel()], b_hn])
    return (torch.gru_cell(x, state[0], *weights, bias, other),)


def start_of(kind, p, name):
    """(h_0) or (h_0, c_0), each 1 x H."""
    return tuple(p[f"{name}.{part}"][None] for part in (("h0", "c0") if kind == "lstm" else ("h0",)))


def encode(shape, p, part, source):
    """The top layer's h at each symbol, S x H, and the final state of every layer."""
    kind, layers = shape["cell"], shape["layers"]
    states = [start_of(kind, p, f"{part}.cells.{l}") for l in range(layers)]
    tops = []
    for symbol in source:
        x = p[f"{part}.embedding.weight"][symbol][None]
        for l in range(layers):
            states[l] = step_cell(kind, p, f"{part}.cells.{l}", x, states[l])
            x = states[l][0]
        tops.append(x[0])
    return torch.stack(tops), states


def context_of(shape, p, query, places):
    """What attention reads from places, S x C, with a query, 1 x H."""
    q, k = query @ p["decoder.attention.query.weight"].T, places @ p["decoder.attention.key.weight"].T
    if shape["attention"] == "dot-product":
        return F.scaled_dot_product_attention(q[None], k[None], places[None])[0]
    scores = torch.tanh(q + k) @ p["decoder.attention.score.weight"][0]
    return torch.softmax(scores, 0)[None] @ places


def decode(shape, p, states, places, inputs, first_sums=None):
    """Logits, T x K."""
    logits = []
    for t, symbol in enumerate(inputs):
        z = context_of(shape, p, states[-1][0], places) if places is not None else torch.zeros(1, 0).double()
        x = torch.cat([p["decoder.embedding.weight"][symbol][None], z], 1)
        own = dict(p)
        if t == 0 and first_sums is not None:
            own["decoder.cells.0.bias"] = p["decoder.cells.0.bias"] + first_sums
        states = list(states)
        for l in range(shape["layers"]):
            states[l] = step_cell(shape["cell"], own, f"decoder.cells.{l}", x, states[l])
            x = states[l][0]
        logits.append(torch.cat([x, z], 1)[0] @ p["decoder.logits.weight"].T + p["decoder.logits.bias"])
    return torch.stack(logits)


def pair_logits(shape, p, string):
    """Of an encoder-decoder."""
    tops, final = encode(shape, p, "encoder", string["source"])
    if shape.get("bidirectional"):
        back, ends = encode(shape, p, "reverse_encoder", string["source"][::-1])
        tops = torch.cat([tops, back.flip(0)], 1)
        final = [tuple(torch.cat(parts, 1) for parts in zip(*both)) for both in zip(final, ends)]
    places = None if shape["attention"] == "none" else tops
    return decode(shape, p, final, places, string["inputs"])


def caption_logits(shape, p, captioned):
    """Of a captioner."""
    size = shape["image"]
    x = torch.tensor(captioned["image"], dtype=torch.float64)
    x = x.view(1, size["channels"], size["height"], size["width"])
    for b, block in enumerate(shape["blocks"]):
        name = f"image.convolutions.{b}"
        x = F.conv2d(x, p[f"{name}.weight"], p[f"{name}.bias"], padding=block["kernel"] // 2)
        x = F.max_pool2d(F.relu(x), block["pool"])
    cells = x[0].flatten(1).T
    places = None if shape["attention"] == "none" else cells + p["position_embedding.weight"]
    states = [start_of(shape["cell"], p, f"decoder.cells.{l}") for l in range(shape["layers"])]
    return decode(shape, p, states, places, captioned["inputs"], p["decoder.image.weight"] @ cells.flatten())


def answer(request):
    """Loss, logits and gradients of one request."""
    shape, batch = request["shape"], request["batch"]
    p = {}
    for name, numbers in request["parameters"].items():
        tensor = torch.from_numpy(read_numbers(numbers)).double().view(request["dimensions"][name])
        p[name] = tensor.requires_grad_()
    run = caption_logits if "image" in shape else pair_logits
    items = batch["images"] if "image" in shape else batch["strings"]
    logits = [run(shape, p, item) for item in items]
    targets = [torch.tensor(item["targets"]) for item in items]
    losses = [F.cross_entropy(x, y, ignore_index=-1, reduction="sum") for x, y in zip(logits, targets)]
    loss = batch["outputWeight"] * sum(losses)
    loss.backward()
    gradients = {name: torch.zeros_like(x) if x.grad is None else x.grad for name, x in p.items()}
    return {
        "loss": loss.item(),
        "logits": [write_numbers(rows) for rows in logits],
        "gradients": {name: write_numbers(gradient) for name, gradient in gradients.items()},
    }


def main():
    """Answers every line of standard input."""
    torch.set_num_threads(1)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
