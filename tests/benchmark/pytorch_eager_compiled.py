"""The program of pytorch_eager.py, unchanged, under torch.compile: autograd of the whole unrolled loop.

Inductor compiles forward and backward; clipping and Adam stay as they are. Compilation grows faster than T.
"""
import torch

import pytorch_eager


class EagerCompiled(pytorch_eager.Eager):
    """Autograd through inductor."""

    def __init__(self, size, parameters):
        super().__init__(size, parameters)
        self.loss_of = torch.compile(pytorch_eager.loss_of, dynamic=False)

    def loss(self, strings):
        """Forward and backward; the gradients stay at the parameters."""
        loss = self.loss_of(self.parameters, *strings, self.size["cell"], self.size["valueWidth"])
        self.adam.zero_grad(set_to_none=True)
        loss.backward()
        return loss.detach()
