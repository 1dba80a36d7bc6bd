"""Trains a model on batches as PyTorch does: python3 text_training.py < requests > answers.

Both are JSON, one object a line; as many lines come out as went in.

Request
  shape       the model's, without a memory
  parameters  {name: numbers}, as in compare.py
  batches     what each update is trained on, as in compare.py
  fresh       for each update: whether its strings start from h_0 and c_0, or from where those of the update before
              have ended; the gradient stops there
  rate, clip  of Adam, and the largest norm of the gradient

Answer, computed in float64
  losses      of each update, before its step
or {"error": sentence} for a request that cannot be answered.
"""
import json
import sys

import torch

import model as sequence_model
from compare import load_parameters


def answer(request):
    """The losses of all updates of one request."""
    model = sequence_model.SequenceModel(request["shape"]).double()
    load_parameters(model, request["parameters"])
    adam = torch.optim.Adam(model.parameters(), lr=request["rate"])
    losses, state = [], None
    for batch, fresh in zip(request["batches"], request["fresh"]):
        # Parameters without a gradient, such as h_0 where nothing starts from it, still move by their running mean.
        for parameter in model.parameters():
            parameter.grad = torch.zeros_like(parameter)
        loss, trace = sequence_model.loss_of(model, batch, None if fresh else state)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), request["clip"])
        adam.step()
        losses.append(loss.item())
        state = [tuple(part.detach() for part in layer) for layer in trace["final"]]
    return {"losses": losses}


def main():
    """Answers every line of standard input."""
    torch.set_num_threads(1)
    for line in sys.stdin:
        if not line.strip():
            continue
        try:
            reply = answer(json.loads(line))
        except (KeyError, ValueError, RuntimeError, IndexError) as error:
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    main()
