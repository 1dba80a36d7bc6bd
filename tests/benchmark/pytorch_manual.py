"""The program without autograd: a backward pass by hand, over buffers that are made once.

An update is a tape: a fixed list of PyTorch calls on fixed views of fixed buffers, written down when
the size is known and run for every batch. No call allocates, slices or records anything.

What it does beyond pytorch_eager.py:
  - the weights' gradients are single products over all steps, after the loop (pytorch_ends.py);
  - every factor of a derivative that needs no gradient is made for all steps at once, before the loop;
  - the stack is kept as cumulative sums (pytorch_stack.py), so the loop holds no cumsum and no cat;
  - parameters, gradients and Adam's moments are flat: clipping and Adam are a few calls in all;
  - with `packed`, oneDNN rearranges the recurrent weights once an update rather than at every product.

T steps, B batch, H hidden, M value width, G gates, K symbols; rh is [r | h], r_{t-1} beside h_{t-1}.
"""
from functools import partial

import torch

import pytorch_layout as layout
import pytorch_task as task
from pytorch_ends import Ends
from pytorch_stack import Stack


class Manual:
    """One size's buffers and tape."""

    def __init__(self, size, parameters, packed=False):
        self.size, self.T, self.packed = size, task.steps_of(size), packed
        self.H, self.M, self.B = size["hidden"], size["valueWidth"], size["batch"]
        self.is_lstm = size["cell"] == "lstm"
        self.flat, self.w = layout.flat_views(size)
        self.flat_gradient, self.g = layout.flat_views(size)
        layout.fill(self.w, parameters, size)
        self.make_buffers()
        self.tape = []
        with torch.no_grad():
            self.write_tape()

    def make_buffers(self):
        """The cell's buffers, step by step; factors hold derivatives, the g… gradients."""
        T, B, H, M = self.T, self.B, self.H, self.M
        GH = self.w["bias"].shape[0]
        self.rh, self.gRh = torch.zeros(T + 1, B, M + H), torch.zeros(B, M + H)
        self.a, self.gA = torch.zeros(T, B, GH), torch.zeros(T, B, GH)
        self.factors = torch.zeros(T, B, GH)
        self.heads, self.gHeads = torch.zeros(T, B, M + 2), torch.zeros(T, B, M + 2)
        self.gH = torch.zeros(B, H)
        if self.is_lstm:
            self.c, self.gC, self.cFactor = torch.zeros(T + 1, B, H), torch.zeros(B, H), torch.zeros(T, B, H)
            self.tanhC = torch.zeros(T, B, H)
        self.recurrent = [None, None]

    def do(self, function, *arguments, **keywords):
        """Writes one call on the tape."""
        self.tape.append(partial(function, *arguments, **keywords))

    def write_tape(self):
        """Forward, then backward, step by step, between the two ends."""
        stack, ends = Stack(self), Ends(self)
        ends.before_forward()
        if self.packed:
            self.do(self.pack)
        for t in range(self.T):
            self.cell_forward(t)
            stack.forward(t)
        ends.between()
        stack.before_backward()
        self.cell_factors()
        for t in reversed(range(self.T)):
            stack.backward(t)
            self.hidden_backward(t, ends)
            self.cell_backward(t)
        ends.after_backward()

    def pack(self):
        """Both recurrent products' weights in oneDNN's own order."""
        w = self.w["rh_weight"]
        reorder = torch.ops.mkldnn._reorder_linear_weight
        self.recurrent = [reorder(w, self.B), reorder(w.t().contiguous(), self.B)]

    def product(self, way, x, out, add):
        """out = x times a packed weight, plus out itself where add is true."""
        linear, w = torch.ops.mkldnn._linear_pointwise, self.recurrent[way]
        out.copy_(linear.binary(x, out, w, None, "add") if add else linear(x, w, None, "none", [], ""))

    def cell_forward(self, t):
        """a_t += W rh_{t-1}; the gates o, i, f, g; c_t and h_t."""
        H, a, rh, h = self.H, self.a[t], self.rh[t], self.rh[t + 1][:, self.M :]
        if self.packed:
            self.do(self.product, 0, rh, a, True)
        else:
            self.do(a.addmm_, rh, self.w["rh_weight"].t())
        if not self.is_lstm:
            return self.do(torch.tanh, a, out=h)
        o, i, f, g = a.split(H, 1)
        self.do(a[:, : 3 * H].sigmoid_)
        self.do(g.tanh_)
        self.do(torch.mul, f, self.c[t], out=self.c[t + 1])
        self.do(self.c[t + 1].addcmul_, i, g)
        self.do(torch.tanh, self.c[t + 1], out=self.tanhC[t])
        self.do(torch.mul, o, self.tanhC[t], out=h)

    def cell_factors(self):
        """What gH and gC are multiplied by on their way to each gate, for all steps at once."""
        if not self.is_lstm:
            h = self.rh[1:, :, self.M :]
            return self.do(torch.addcmul, torch.ones(1), h, h, value=-1, out=self.factors)
        o, i, f, g = self.a.split(self.H, 2)
        for_o, for_i, for_f, for_g = self.factors.split(self.H, 2)
        for gate, factor, others in ((o, for_o, self.tanhC), (i, for_i, g), (f, for_f, self.c[:-1])):
            self.do(torch.addcmul, gate, gate, gate, value=-1, out=factor)
            self.do(factor.mul_, others)
        self.do(torch.mul, g, g, out=for_g)
        self.do(torch.addcmul, i, for_g, i, value=-1, out=for_g)
        self.do(torch.mul, self.tanhC, self.tanhC, out=self.cFactor)
        self.do(torch.addcmul, o, self.cFactor, o, value=-1, out=self.cFactor)
        self.do(self.gC.zero_)

    def hidden_backward(self, t, ends):
        """gH = from step t + 1, from the heads of t, and from the output head where there is a target."""
        carried = self.gRh[:, self.M :]
        self.do(torch.addmm, carried, self.gHeads[t], self.w["heads_weight"], out=self.gH)
        if t >= self.T - ends.N:
            self.do(self.gH.add_, ends.gH[t - self.T + ends.N])

    def cell_backward(self, t):
        """gA_t, then gRh = gA_t W: the gradients of r_{t-1} and h_{t-1}."""
        H, gA, factor = self.H, self.gA[t], self.factors[t]
        if self.is_lstm:
            self.do(self.gC.addcmul_, self.gH, self.cFactor[t])
            self.do(torch.mul, self.gH, factor[:, :H], out=gA[:, :H])
            of_c = gA[:, H:].view(self.B, 3, H), factor[:, H:].view(self.B, 3, H)
            self.do(torch.mul, self.gC.unsqueeze(1), of_c[1], out=of_c[0])
            self.do(self.gC.mul_, self.a[t][:, 2 * H : 3 * H])
        else:
            self.do(torch.mul, self.gH, factor, out=gA)
        if self.packed:
            self.do(self.product, 1, gA, self.gRh, False)
        else:
            self.do(torch.mm, gA, self.w["rh_weight"], out=self.gRh)

    def loss(self, strings):
        """Forward and backward; the gradients stay in self.g."""
        self.inputs.copy_(strings[0])
        self.targets.copy_(strings[1])
        for call in self.tape:
            call()
        return self.loss_value

    def gradients(self):
        """By plain name."""
        return layout.by_plain_name(self.g, self.size)

    def weights(self):
        """By plain name."""
        return layout.by_plain_name(self.w, self.size)

    def update(self, strings):
        """Forward, backward, clip, Adam."""
        with torch.no_grad():
            loss = self.loss(strings)
            self.adam.step(self.flat, self.flat_gradient)
        return loss
