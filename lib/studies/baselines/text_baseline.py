"""Trains an LSTM of PyTorch's on a text: python3 lib/studies/baselines/text_baseline.py REQUEST.

REQUEST is a file that lib/studies/text_in_pytorch.ts writes; `deno task statistics text pytorch` calls this program.

It learns as lib/training/text_trainer.ts has it: streams side by side, the state carried from one update to the next,
h_0 and c_0 trained, Adam, a gradient of a limited length. Nothing else is shared: the layers, their gradients, the
optimizer and the random numbers are PyTorch's, and everything is float32.

Request, JSON
  shape                       layers, hidden, embedding and symbols
  training, validation        the symbols of the text, and of its held-out part
  streams, truncation         of the training: strings in an update, and symbols in a string
  updates                     the budget
  rate, clip                  of Adam, and the largest norm of the gradient
  forgetBias, seed            how the parameters begin
  validated                   the network is validated after the updates that are multiples of it, and the last one
  validationStreams           streams of the held-out text, each from h_0 and c_0
  parameters                  {name: numbers}, to begin with these instead; the names are those of a weights file

Answer, JSON on standard output
  bits                        per symbol of the held-out text, at each validation

B streams, k symbols in a string, H hidden, E embedding, K symbols.
"""
import json
import math
import sys

import torch
from torch import nn
from torch.nn import functional as F


def text_lstm(shape, forget_bias, seed):
    """The network; matrices uniform within 1 / sqrt(columns), embeddings normal, biases 0 but the forget gates'."""
    H, E, K = (shape[name] for name in ("hidden", "embedding", "symbols"))
    random = torch.Generator().manual_seed(seed)
    layers = {"embedding": nn.Embedding(K, E), "lstm": nn.LSTM(E, H, shape["layers"]), "logits": nn.Linear(H, K)}
    net = nn.ModuleDict(layers)
    net.start = nn.ParameterList(torch.zeros(shape["layers"], 1, H) for _ in "hc")
    with torch.no_grad():
        for name, p in net.named_parameters():
            if name == "embedding.weight":
                p.normal_(generator=random)
            elif "weight" in name:
                bound = 1 / math.sqrt(p.shape[1])
                p.uniform_(-bound, bound, generator=random)
            else:
                p.zero_()
        for layer in range(shape["layers"]):
            getattr(net.lstm, f"bias_ih_l{layer}")[H : 2 * H] = forget_bias  # gates in the order i, f, g, o
            getattr(net.lstm, f"bias_hh_l{layer}").requires_grad_(False)  # one bias is enough
    return net


def load_parameters(net, numbers):
    """Takes parameters by their names in a weights file."""
    of_start = {"h0": net.start[0], "c0": net.start[1]}
    with torch.no_grad():
        for name, values in numbers.items():
            if name.startswith("cells."):
                _, layer, part = name.split(".")
                in_layer = f"{part}_ih_l{layer}" if part == "bias" else f"{part}_l{layer}"
                p = of_start[part][int(layer)] if part in of_start else getattr(net.lstm, in_layer)
            else:
                p = net.get_parameter(name)
            p.copy_(torch.tensor(values).view(p.shape))


def run(net, inputs, state):
    """inputs k x B -> logits k x B x K, and the state after them; from h_0 and c_0 if there is none."""
    if state is None:
        state = tuple(part.expand(-1, inputs.shape[1], -1).contiguous() for part in net.start)
    h, state = net["lstm"](net["embedding"](inputs), state)
    return net["logits"](h), state


def held_out_bits(net, text, B):
    """Bits per symbol; the targets are cut into B streams, the last ones shorter."""
    steps = math.ceil((len(text) - 1) / B)
    lacking = B * steps - (len(text) - 1)
    inputs = torch.cat([text[:-1], text.new_zeros(lacking)]).view(B, steps).T
    targets = torch.cat([text[1:], text.new_full((lacking,), -1)]).view(B, steps).T
    nats, state = 0.0, None
    with torch.no_grad():
        for x, y in zip(inputs.split(100), targets.split(100)):
            logits, state = run(net, x, state)
            nats += F.cross_entropy(logits.flatten(0, 1), y.flatten(), ignore_index=-1, reduction="sum").item()
    return nats / (len(text) - 1) / math.log(2)


def train(request):
    """The bits of all validations."""
    net = text_lstm(request["shape"], request["forgetBias"], request["seed"])
    load_parameters(net, request.get("parameters", {}))
    training, validation = (torch.tensor(request[part]) for part in ("training", "validation"))
    B, k, updates = (request[name] for name in ("streams", "truncation", "updates"))
    L = (len(training) - 1) // B
    begins = torch.arange(B) * L
    trained = [p for p in net.parameters() if p.requires_grad]
    adam = torch.optim.Adam(trained, lr=request["rate"])
    bits, state = [], None
    for update in range(updates):
        at = update % (L // k)
        places = begins + at * k + torch.arange(k)[:, None]
        logits, state = run(net, training[places], None if at == 0 else state)
        state = tuple(part.detach() for part in state)
        # Parameters without a gradient, h_0 where nothing starts from it, still move by their running mean.
        adam.zero_grad(set_to_none=False)
        F.cross_entropy(logits.flatten(0, 1), training[places + 1].flatten()).backward()
        torch.nn.utils.clip_grad_norm_(trained, request["clip"])
        adam.step()
        if (update + 1) % request["validated"] == 0 or update + 1 == updates:
            bits.append(held_out_bits(net, validation, request["validationStreams"]))
    return {"bits": bits}


def main():
    """Answers the request."""
    torch.set_num_threads(1)  # sums of several threads have other bits
    with open(sys.argv[1], encoding="utf-8") as file:
        print(json.dumps(train(json.load(file))))


if __name__ == "__main__":
    main()
