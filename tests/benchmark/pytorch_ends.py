"""What pytorch_manual.py does once an update, before and after its loops: products over all steps.

T steps, B batch, N targets a string, H hidden, M value width, E embedding, K symbols.
"""
import torch

import pytorch_task as task


class FlatAdam:
    """Clipping by the global norm, and PyTorch's fused Adam, on one flat tensor."""

    def __init__(self, flat):
        self.moments = torch.zeros_like(flat), torch.zeros_like(flat)
        self.steps = torch.zeros(())

    def step(self, flat, gradient):
        """Clips the gradient in place and takes a step."""
        norm = torch.linalg.vector_norm(gradient)
        gradient.mul_(torch.clamp_max_(task.CLIP / (norm + 1e-6), 1))
        self.steps += 1
        torch._fused_adam_(
            [flat], [gradient], [self.moments[0]], [self.moments[1]], [], [self.steps],
            lr=task.LEARNING_RATE, beta1=task.BETAS[0], beta2=task.BETAS[1], weight_decay=0.0,
            eps=task.EPSILON, amsgrad=False, maximize=False,
        )


class Ends:
    """The tape's calls outside the loops."""

    def __init__(self, net):
        size, B = net.size, net.B
        self.net, self.do, self.N = net, net.do, size["length"] + 1
        net.inputs = torch.zeros(net.T, B, dtype=torch.long)
        net.targets = torch.zeros(self.N, B, dtype=torch.long)
        net.loss_value, net.adam = torch.zeros(()), FlatAdam(net.flat)
        K, rows = size["symbols"], self.N * B
        self.table, self.gTable = torch.zeros(K, net.a.shape[2]), torch.zeros(K, net.a.shape[2])
        self.h, self.gH = torch.zeros(rows, net.H), torch.zeros(self.N, B, net.H)
        self.o, self.gO, self.oFactor = (torch.zeros(rows, net.M) for _ in range(3))
        self.logits = torch.zeros(rows, K)

    def before_forward(self):
        """Every symbol through its part of W_ih, then one row for each step; the first state."""
        net, do, w = self.net, self.do, self.net.w
        do(torch.addmm, w["bias"], w["embedding"], w["table_weight"].t(), out=self.table)
        do(torch.index_select, self.table, 0, net.inputs.view(-1), out=net.a.flatten(0, 1))
        do(net.rh[0][:, net.M :].copy_, w["h0"])
        if net.is_lstm:
            do(net.c[0].copy_, w["c0"])

    def between(self):
        """Output head, logits, loss, and back to the gradient of h_t at the targets' steps."""
        net, do, w, g = self.net, self.do, self.net.w, self.net.g
        do(self.h.view(self.N, net.B, net.H).copy_, net.rh[-self.N :, :, net.M :])
        do(torch.addmm, w["output_bias"], self.h, w["output_weight"].t(), out=self.o)
        do(self.o.tanh_)
        do(torch.addmm, w["logits_bias"], self.o, w["logits_weight"].t(), out=self.logits)
        do(self.cross_entropy)
        do(torch.mm, self.logits.t(), self.o, out=g["logits_weight"])
        do(torch.sum, self.logits, 0, out=g["logits_bias"])
        do(torch.mm, self.logits, w["logits_weight"], out=self.gO)
        do(torch.addcmul, torch.ones(1), self.o, self.o, value=-1, out=self.oFactor)
        do(self.gO.mul_, self.oFactor)
        do(torch.mm, self.gO.t(), self.h, out=g["output_weight"])
        do(torch.sum, self.gO, 0, out=g["output_bias"])
        do(torch.mm, self.gO, w["output_weight"], out=self.gH.flatten(0, 1))

    def cross_entropy(self):
        """The loss; the logits become their own gradient, (softmax - one-hot) / number of targets."""
        targets, logits = self.net.targets.view(-1, 1), self.logits
        log_softmax = torch.log_softmax(logits, 1)
        torch.mean(log_softmax.gather(1, targets), out=self.net.loss_value).neg_()
        torch.exp(log_softmax, out=logits)
        logits.scatter_add_(1, targets, torch.full((1, 1), -1.0).expand_as(targets))
        logits.div_(len(targets))

    def after_backward(self):
        """The gradients of weights: one product each over all steps."""
        net, do, w, g = self.net, self.do, self.net.w, self.net.g
        gA, gHeads = net.gA.flatten(0, 1), net.gHeads.flatten(0, 1)
        h = net.rh[1:].flatten(0, 1)[:, net.M :]
        do(torch.mm, gA.t(), net.rh[:-1].flatten(0, 1), out=g["rh_weight"])
        do(torch.mm, gHeads.t(), h, out=g["heads_weight"])
        do(torch.sum, gHeads, 0, out=g["heads_bias"])
        do(self.sum_by_symbol)
        do(torch.sum, self.gTable, 0, out=g["bias"])
        do(torch.mm, self.gTable.t(), w["embedding"], out=g["table_weight"])
        do(torch.mm, self.gTable, w["table_weight"], out=g["embedding"])
        do(torch.sum, net.gRh[:, net.M :], 0, out=g["h0"])
        if net.is_lstm:
            do(torch.sum, net.gC, 0, out=g["c0"])

    def sum_by_symbol(self):
        """gTable: the gates' gradients summed over the steps that read the same symbol."""
        self.gTable.copy_(torch.ops.aten.embedding_dense_backward(
            self.net.gA, self.net.inputs, self.gTable.shape[0], -1, False))
