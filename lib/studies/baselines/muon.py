"""Steps in which every direction of a weight matrix counts alike: momentum, made orthogonal.

A recurrent matrix gets gradients of very few directions; the others, through which a string is kept, hardly
move under Adam. Replacing all singular values of the momentum by about 1 moves them all.

Source: Jordan et al. 2024, "Muon: An optimizer for hidden layers in neural networks", with its polynomial.
"""
import math

import torch

ITERATIONS = 5
A, B, C = 3.4445, -4.7750, 2.0315


def orthogonal(matrices):
    """Matrices n x rows x columns -> the same with singular values of about .7 to 1.2, those near 0 less.

    x <- a x + b x x^T x + c x x^T x x^T x, from x of norm 1; the factors are rounded to bfloat16.
    """
    x = (matrices / (matrices.norm(dim=(1, 2), keepdim=True) + 1e-7)).bfloat16()
    for _ in range(ITERATIONS):
        square = x.mT @ x
        x = A * x + x @ (B * square + C * square @ square)
    return x.float()


class Muon:
    """The rule for weights of `gates` blocks, one above the other, each of which is a matrix by itself."""

    def __init__(self, weights, gates, momentum=0.95):
        self.weights, self.gates, self.momentum = weights, gates, momentum
        self.means = [torch.zeros_like(w) for w in weights]

    @torch.no_grad()
    def step(self, rate):
        """Nesterov's momentum, orthogonal, times rate, times sqrt(rows / columns) of a block if above 1."""
        for w, mean in zip(self.weights, self.means):
            mean.lerp_(w.grad, 1 - self.momentum)
            ahead = w.grad.lerp(mean, self.momentum)
            blocks = ahead.view(self.gates, -1, w.shape[1])
            scale = math.sqrt(max(1, blocks.shape[1] / blocks.shape[2]))
            w.add_(orthogonal(blocks).reshape(w.shape), alpha=-rate * scale)
