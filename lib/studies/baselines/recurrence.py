"""One recurrent layer over all steps, forward beside backward, both by hand.

T steps, B strings, I inputs, H hidden. What of a layer does not wait for the step before is one product over
all steps: the inputs' part of a_t on the way forward, and the weights' and inputs' gradients on the way back.

`exact=False` rounds to bfloat16, which some CPUs multiply twice as fast: the factors of each product, and what
comes out. An LSTM's cell, an RNN's h and the weights themselves stay float32. `python3 recurrence_check.py`
holds both against model.py.

Sources: Elman 1990; Hochreiter and Schmidhuber 1997, with the forget gates of Gers et al. 2000.
"""
import torch


def kind_of(exact):
    """The type of the factors."""
    return torch.float32 if exact else torch.bfloat16


def product(a, b, exact):
    """a b as float32; unless exact, rounded to bfloat16 on the way."""
    return a @ b if exact else (a.bfloat16() @ b.bfloat16()).float()


class Rnn(torch.autograd.Function):
    """h_t = tanh(W_ih x_t + W_hh h_{t-1} + b)."""

    @staticmethod
    def forward(ctx, x, h0, w_ih, w_hh, bias, exact):
        """x T x B x I, h0 B x H -> h_1 ... h_T, T x B x H."""
        T, B, I = x.shape
        H = w_hh.shape[0]
        a = product(x.reshape(T * B, I), w_ih.T, exact).add_(bias).view(T, B, H)
        h = torch.empty(T + 1, B, H)
        factors = h if exact else torch.empty(T + 1, B, H, dtype=torch.bfloat16)
        h[0] = h0
        factors[0] = h0
        w = w_hh.T.to(factors.dtype)
        for t in range(T):
            torch.tanh(a[t] + factors[t] @ w, out=h[t + 1])
            if not exact:
                factors[t + 1].copy_(h[t + 1])
        ctx.save_for_backward(x, h, factors, w_ih, w_hh)
        return h[1:]

    @staticmethod
    def backward(ctx, dh):
        """a' = (1 - h^2) h', and h_{t-1}' gains W_hh^T a_t'."""
        x, h, factors, w_ih, w_hh = ctx.saved_tensors
        T, B, I = x.shape
        H, kind = w_hh.shape[0], factors.dtype
        slope = 1 - h[1:] * h[1:]
        da = torch.empty(T, B, H, dtype=kind)
        w = w_hh.to(kind)
        da[-1].copy_(dh[-1] * slope[-1])
        for t in range(T - 2, -1, -1):
            da[t].copy_((dh[t] + da[t + 1] @ w) * slope[t])
        flat = da.view(T * B, H)
        return (
            (flat @ w_ih.to(kind)).float().view(T, B, I),
            (da[0] @ w).float(),
            (flat.T @ x.reshape(T * B, I).to(kind)).float(),
            (flat.T @ factors[:-1].reshape(T * B, H)).float(),
            flat.float().sum(0),
            None,
        )


class Lstm(torch.autograd.Function):
    """c_t = f_t c_{t-1} + i_t g_t, h_t = o_t tanh(c_t); the gates lie in the order i, f, g, o."""

    @staticmethod
    def forward(ctx, x, h0, c0, w_ih, w_hh, bias, exact):
        """x T x B x I, h0 and c0 B x H -> h_1 ... h_T, T x B x H."""
        T, B, I = x.shape
        H, kind = w_hh.shape[1], kind_of(exact)
        gates = product(x.reshape(T * B, I), w_ih.T, exact).add_(bias).view(T, B, 4 * H)
        h, c = torch.empty(T + 1, B, H, dtype=kind), torch.empty(T + 1, B, H)
        squashed = torch.empty(T, B, H)
        h[0], c[0] = h0, c0
        w = w_hh.T.to(kind)
        for t in range(T):
            a = gates[t]
            a.add_(h[t] @ w)
            a[:, : 2 * H].sigmoid_()
            a[:, 2 * H : 3 * H].tanh_()
            a[:, 3 * H :].sigmoid_()
            torch.mul(a[:, H : 2 * H], c[t], out=c[t + 1])
            c[t + 1].addcmul_(a[:, :H], a[:, 2 * H : 3 * H])
            torch.tanh(c[t + 1], out=squashed[t])
            h[t + 1].copy_(a[:, 3 * H :] * squashed[t])
        ctx.save_for_backward(x, h, c, squashed, gates, w_ih, w_hh)
        return h[1:].float()

    @staticmethod
    def backward(ctx, dh):
        """o' = h' tanh(c), c' = o (1 - tanh^2(c)) h' + f_{t+1} c_{t+1}', and from c' those of i, f and g."""
        x, h, c, squashed, gates, w_ih, w_hh = ctx.saved_tensors
        T, B, I = x.shape
        H, kind = w_hh.shape[1], h.dtype
        i, f, g, o = gates.split(H, 2)
        of_output = squashed * o * (1 - o)
        to_cell = o * (1 - squashed * squashed)
        of_cell = torch.stack((g * i * (1 - i), c[:-1] * f * (1 - f), i * (1 - g * g)), 2)
        da = torch.empty(T, B, 4 * H, dtype=kind)
        w = w_hh.to(kind)
        dc, from_later = torch.zeros(B, H), torch.zeros(B, H)
        for t in range(T - 1, -1, -1):
            whole = dh[t] + from_later
            dc.addcmul_(whole, to_cell[t])
            da[t, :, : 3 * H].view(B, 3, H).copy_(of_cell[t] * dc[:, None])
            da[t, :, 3 * H :].copy_(whole * of_output[t])
            dc.mul_(f[t])
            from_later = da[t] @ w
        flat = da.view(T * B, 4 * H)
        return (
            (flat @ w_ih.to(kind)).float().view(T, B, I),
            from_later.float(),
            dc,
            (flat.T @ x.reshape(T * B, I).to(kind)).float(),
            (flat.T @ h[:-1].reshape(T * B, H)).float(),
            flat.float().sum(0),
            None,
        )
