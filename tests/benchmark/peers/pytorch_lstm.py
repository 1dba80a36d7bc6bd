"""PyTorch eager: what most people would write, nn.Embedding, nn.LSTM, nn.Linear and Adam, on one thread.

python3 pytorch_lstm.py: one JSON object a line in and out, as in peer_session.ts. Of nn.LSTM's two biases the second is kept
at 0, and the starting state is a parameter, so that the parameters are the engine's.
"""
import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F


class Network(nn.Module):
    """Symbols to logits, B x T to B x T x K."""

    def __init__(self, task):
        super().__init__()
        K, E, H = task["symbols"], task["embedding"], task["hidden"]
        self.embedding = nn.Embedding(K, E)
        self.lstm = nn.LSTM(E, H, batch_first=True)
        self.h0, self.c0 = nn.Parameter(torch.zeros(H)), nn.Parameter(torch.zeros(H))
        self.logits = nn.Linear(H, K)
        self.load(task["parameters"])

    def load(self, parameters):
        """Copies the task's parameters in."""
        lstm = self.lstm
        places = {
            "embedding.weight": self.embedding.weight,
            "cells.0.weight_ih": lstm.weight_ih_l0,
            "cells.0.weight_hh": lstm.weight_hh_l0,
            "cells.0.bias": lstm.bias_ih_l0,
            "cells.0.h0": self.h0,
            "cells.0.c0": self.c0,
            "logits.weight": self.logits.weight,
            "logits.bias": self.logits.bias,
        }
        with torch.no_grad():
            for name, numbers in parameters.items():
                places[name].copy_(torch.tensor(numbers).reshape(places[name].shape))
            lstm.bias_hh_l0.zero_()
        lstm.bias_hh_l0.requires_grad_(False)

    def forward(self, inputs):
        state = [start.expand(1, len(inputs), -1).contiguous() for start in (self.h0, self.c0)]
        return self.logits(self.lstm(self.embedding(inputs), state)[0])


def build(task):
    """The function that makes one update and returns the loss before it."""
    torch.set_num_threads(1)
    net, adam = Network(task), task["adam"]
    inputs, targets = torch.tensor(task["inputs"]), torch.tensor(task["targets"])
    optimizer = torch.optim.Adam(
        [p for p in net.parameters() if p.requires_grad],
        lr=adam["rate"], betas=(adam["beta1"], adam["beta2"]), eps=adam["epsilon"],
    )

    def update():
        loss = F.cross_entropy(net(inputs).flatten(0, 1), targets.flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    return update


def main():
    """Answers every line of standard input."""
    update = None
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if "prepare" in request:
                update, reply = build(request["prepare"]), {"ready": True}
            else:
                start = time.perf_counter()
                losses = [update() for _ in range(request["round"])]
                reply = {"seconds": time.perf_counter() - start, "loss": losses[0]}
        except (KeyError, TypeError, ValueError, RuntimeError, MemoryError) as error:
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    main()
