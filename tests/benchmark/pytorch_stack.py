"""The dense stack of pytorch_manual.py, kept as cumulative sums.

S_t[i] is the strength of row i and of all rows above it. Then equations (2) and (3) hold no sums at all:
  S_t[i] = max(0, S_{t-1}[i] - u_t) + d_t for i < t,  S_t[t] = d_t,
  w_t[i] = min(1, S_t[i]) - min(1, S_t[i + 1]),  r_t = sum over i of w_t[i] v_i.
Every row is visited at every step, below the pop and the read too.

T steps, B batch, M value width; rows are oldest first, column T + 1 stays zero.
A bmm is fast where its left side is one row and its output lies without gaps: up to eight times.
"""
import torch


class Stack:
    """The stack's buffers, and its part of each step of the tape."""

    def __init__(self, net):
        T, B, M = net.T, net.B, net.M
        self.net, self.do = net, net.do
        self.v = torch.zeros(B, T, M)
        self.S, self.w = torch.zeros(T + 1, B, T + 2), torch.zeros(T, B, T)
        self.capped = torch.zeros(B, T + 2)
        self.under_one, self.left = torch.zeros(T, B, T + 2), torch.zeros(T, B, T + 2)
        self.wByRow = torch.zeros(B, T, T)
        self.gR, self.gS = torch.zeros(B, T, M), torch.zeros(B, T)
        self.gW, self.row = torch.zeros(B * T), torch.zeros(B, 1, M)
        self.factors = torch.zeros(T, B, M + 2)

    def forward(self, t):
        """value, push and pop from h_t; pop, push, read r_t."""
        net, do, M, n = self.net, self.do, self.net.M, t + 1
        heads, rh = net.heads[t], net.rh[t + 1]
        do(torch.addmm, net.w["heads_bias"], rh[:, M:], net.w["heads_weight"].t(), out=heads)
        do(heads[:, M:].sigmoid_)
        do(torch.tanh, heads[:, :M], out=self.v[:, t])
        d, u = heads[:, M : M + 1], heads[:, M + 1 :]
        S, w = self.S[t + 1][:, :n], self.w[t][:, :n]
        do(torch.sub, self.S[t][:, :n], u, out=S)
        do(S.relu_)
        do(S.add_, d)
        do(torch.clamp_max, self.S[t + 1][:, : n + 1], 1, out=self.capped[:, : n + 1])
        do(torch.sub, self.capped[:, :n], self.capped[:, 1 : n + 1], out=w)
        do(torch.bmm, w.unsqueeze(1), self.v[:, :n], out=self.row)
        do(rh[:, :M].copy_, self.row[:, 0])

    def before_backward(self):
        """All that the backward steps need and that no gradient enters."""
        net, do, M = self.net, self.do, self.net.M
        S, heads = self.S, net.heads
        do(torch.le, S[1:], 1, out=self.under_one)
        do(torch.gt, S[:-1], heads[:, :, M + 1 :], out=self.left)
        do(self.wByRow.copy_, self.w.permute(1, 2, 0))
        v, controls = self.factors[:, :, :M], self.factors[:, :, M:]
        do(v.copy_, self.v.transpose(0, 1))
        do(torch.addcmul, torch.ones(1), v, v, value=-1, out=v)
        do(torch.addcmul, heads[:, :, M:], heads[:, :, M:], heads[:, :, M:], value=-1, out=controls)
        do(controls[:, :, 1].neg_)
        do(self.gS.zero_)
        do(net.gRh.zero_)

    def backward(self, t):
        """gHeads_t from the gradients of r_t and of all later reads."""
        net, do, M, n = self.net, self.do, self.net.M, t + 1
        gR, gS, gHeads = self.gR[:, t], self.gS[:, :n], net.gHeads[t]
        gW, under_one = self.gW[: net.B * n].view(net.B, n), self.under_one[t][:, :n]
        do(gR.copy_, net.gRh[:, :M])
        # r_t = sum of w_t[i] v_i
        do(torch.bmm, gR.unsqueeze(1), self.v[:, :n].transpose(1, 2), out=gW.unsqueeze(1))
        # w_t[i] = min(1, S_t[i]) - min(1, S_t[i + 1]); S_t = left part + d_t
        do(gS.addcmul_, gW, under_one)
        do(gS[:, 1:].addcmul_, gW[:, :-1], under_one[:, 1:], value=-1)
        do(torch.sum, gS, 1, keepdim=True, out=gHeads[:, M : M + 1])
        # left part = max(0, S_{t-1} - u_t); the sign of gU is in its factor
        do(gS.mul_, self.left[t][:, :n])
        do(torch.sum, gS, 1, keepdim=True, out=gHeads[:, M + 1 :])
        # v_t is felt by every later read
        do(torch.bmm, self.wByRow[:, t : t + 1, t:], self.gR[:, t:], out=self.row)
        do(torch.mul, self.row[:, 0], self.factors[t][:, :M], out=gHeads[:, :M])
        do(gHeads[:, M:].mul_, self.factors[t][:, M:])
