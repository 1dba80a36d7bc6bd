"""The autoencoder experiment in numpy, for comparison only: python autoencoder_in_numpy.py STRINGS [exact] [stepwise].

The same algorithm as lib/tutorial/rnn_controller.ts, written for numpy's strengths: running sums instead of
inner loops, and every weight gradient as one product over the whole string, after the loop over its steps.
With "stepwise", weight gradients are added up at every step, as the library and the tutorial do it.
Prints the errors of each thousandth window of a hundred strings, and the processor's seconds for all STRINGS.
"""
import argparse
import time


def read_line():
    """Reads the command line, before numpy takes its time to load."""
    def word(text):
        if text not in ("exact", "stepwise"):
            raise argparse.ArgumentTypeError(f"wanted exact or stepwise, got {text}")
        return text

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("strings", type=int, metavar="STRINGS", help="how many strings to train on")
    parser.add_argument("how", nargs="*", type=word, help="exact, stepwise, or both")
    return parser.parse_args()


LINE = read_line()

import numpy as np  # noqa: E402

SYMBOLS, K, H, P, M, BATCH = 2, 4, 8, 8, 2, 50
STEPWISE = "stepwise" in LINE.how


def sigma(a):
    return 1 / (1 + np.exp(-a))


def draw(rows, columns, least=-0.1):
    """Parameters lie outputs x inputs here, and are drawn inputs x outputs."""
    return (np.random.rand(columns, rows) * 0.2 + least).T.copy()


def start():
    w = {}
    for name, rows, columns in (
        ("Wx", H, K), ("Ah", K, H), ("Ap", K, P), ("Wh", H, H), ("Wr", H, M), ("bh", H, 1),
        ("Wp", P, H), ("bp", P, 1), ("Wd", 1, P), ("Wu", 1, P), ("Wv", M, P), ("Wo", K, P),
        ("bd", 1, 1), ("bu", 1, 1), ("bv", M, 1), ("bo", K, 1),
    ):
        w[name] = draw(rows, columns, {"bd": 1, "bu": -1}.get(name, -0.1))
    for name in w:
        if name[0] == "b":
            w[name] = w[name][:, 0]
    # The three heads of the stack as one product.
    w["Ws"] = np.concatenate((w.pop("Wd"), w.pop("Wu"), w.pop("Wv")))
    w["bs"] = np.concatenate((w.pop("bd"), w.pop("bu"), w.pop("bv")))
    return w


def draw_string(length):
    x, y = np.zeros((2 * length, K)), np.zeros((2 * length, K))
    places = 2 + (np.random.rand(length) * SYMBOLS).astype(int)
    x[:length, 1] = x[np.arange(length), places] = x[length:, 0] = 1
    y[np.arange(2 * length - 1, length - 1, -1), places] = 1
    return x, y


def above(s):
    """For each row, the sum of all rows above it."""
    return s[::-1].cumsum()[::-1] - s


def forward(w, x):
    T = len(x)
    xh, h, p, r = x @ w["Wx"].T + w["bh"], np.zeros((T + 1, H)), np.empty((T, P)), np.zeros((T, M))
    stacks, V, s = np.empty((T - 1, 2 + M)), np.zeros((T - 1, M)), [np.zeros(0)]
    for t in range(T):
        read = r[t - 1] if t else r[0]
        h[t + 1] = np.tanh(xh[t] + w["Wh"] @ h[t] + w["Wr"] @ read)
        p[t] = np.tanh(w["Wp"] @ h[t + 1] + w["bp"])
        if t == T - 1:
            break
        a = w["Ws"] @ p[t] + w["bs"]
        d, u = stacks[t, :2] = sigma(a[:2])
        V[t] = stacks[t, 2:] = np.tanh(a[2:])
        before = s[-1]
        now = np.append(np.maximum(0, before - np.maximum(0, u - above(before))), d)
        s.append(now)
        r[t] = np.minimum(now, np.maximum(0, 1 - above(now))) @ V[: t + 1]
    o = sigma(p @ w["Wo"].T + w["bo"])
    ah, ap = sigma(h[2:] @ w["Ah"].T), sigma(p[1:] @ w["Ap"].T)
    return h, p, r, stacks, V, s, o, ah, ap


def read_gradient(s, V, g, gV, exact):
    """The gradient of one read by the strengths; that by the values is added to gV."""
    t, room = len(s) - 1, np.maximum(0, 1 - above(s))
    if exact:
        gV[: t + 1] += np.outer(np.minimum(s, room), g)
    else:
        gV[t] += min(s[t], 1) * g
    q = V[: t + 1] @ g
    own = s <= room if exact else s < room
    others = np.where(~own & (room > 0), q, 0)
    return np.where(own, q, 0) - (others.cumsum() - others)


def pop_gradient(gS, before, u, exact):
    """From the gradient by the strengths after a pop to that before it, and that by the pop."""
    if not exact:
        sums = gS.cumsum()
        return sums, -sums[-1] if len(sums) else 0.0
    over = u - above(before)
    gS = np.where(before - np.maximum(0, over) > 0, gS, 0)
    shielded = np.where(over > 0, gS, 0)
    return gS + shielded.cumsum() - shielded, -shielded.sum()


def backward(w, x, y, run, n, exact):
    h, p, r, stacks, V, s, o, ah, ap = run
    T = len(x)
    go, gah, gap = (o - y) * o * (1 - o), (ah - x[:-1]) * ah * (1 - ah), (ap - x[:-1]) * ap * (1 - ap)
    gp, gh = go @ w["Wo"], np.zeros((T, H))
    gp[1:] += gap @ w["Ap"]
    gh[1:] += gah @ w["Ah"]
    gs, gV, gS, gr = np.zeros((T - 1, 2 + M)), np.zeros((T - 1, M)), np.zeros(T - 1), np.zeros(M)
    slope = np.concatenate((stacks[:, :2] * (1 - stacks[:, :2]), 1 - stacks[:, 2:] ** 2), axis=1)
    for t in range(T - 1, -1, -1):
        if t < T - 1:
            gS = gS[: t + 1] + read_gradient(s[t + 1], V, gr, gV, exact)
            gs[t, 0] = gS[t]
            gS, gs[t, 1] = pop_gradient(gS[:t], s[t], stacks[t, 1], exact)
            gS = np.append(gS, 0) if t == 0 else gS
            gs[t, 2:] = gV[t]
            gs[t] *= slope[t]
            gp[t] += gs[t] @ w["Ws"]
        gp[t] *= 1 - p[t] ** 2
        gh[t] += gp[t] @ w["Wp"]
        gh[t] *= 1 - h[t + 1] ** 2
        if t:
            gh[t - 1] += gh[t] @ w["Wh"]
            gr = gh[t] @ w["Wr"]
    reads = np.concatenate((np.zeros((1, M)), r[: T - 1]))
    if STEPWISE:
        return gradient_by_steps(w, x, h, p, reads, gh, gp, go, gs, gah, gap, n)
    return {
        "Wx": gh.T @ x / n, "Wh": gh.T @ h[:-1] / n, "Wr": gh.T @ reads / n, "bh": gh.sum(0) / n,
        "Wp": gp.T @ h[1:] / n, "bp": gp.sum(0) / n, "Wo": go.T @ p / n, "bo": go.sum(0) / n,
        "Ws": gs.T @ p[:-1] / n, "bs": gs.sum(0) / n, "Ah": gah.T @ h[2:] / n, "Ap": gap.T @ p[1:] / n,
    }


def gradient_by_steps(w, x, h, p, reads, gh, gp, go, gs, gah, gap, n):
    g = {name: np.zeros_like(w[name]) for name in w}
    for t in range(len(x) - 1, -1, -1):
        g["Wo"] += np.outer(go[t], p[t])
        g["bo"] += go[t]
        if t:
            g["Ah"] += np.outer(gah[t - 1], h[t + 1])
            g["Ap"] += np.outer(gap[t - 1], p[t])
        if t < len(x) - 1:
            g["Ws"] += np.outer(gs[t], p[t])
            g["bs"] += gs[t]
        g["Wp"] += np.outer(gp[t], h[t + 1])
        g["bp"] += gp[t]
        g["Wx"] += np.outer(gh[t], x[t])
        g["Wh"] += np.outer(gh[t], h[t])
        g["Wr"] += np.outer(gh[t], reads[t])
        g["bh"] += gh[t]
    for name in g:
        g[name] /= n
    return g


def main(strings, exact):
    np.random.seed(1)
    w = start()
    sums, errors, begun = {name: np.zeros_like(w[name]) for name in w}, np.zeros(3), time.process_time()
    for k in range(strings):
        n = np.random.randint(3) + 3
        x, y = draw_string(n)
        run = forward(w, x)
        for name, g in backward(w, x, y, run, n, exact).items():
            sums[name] += g
        o, ah, ap = run[-3:]
        errors += abs(o - y).sum(), abs(ah - x[:-1]).sum(), abs(ap - x[:-1]).sum()
        if k % BATCH == BATCH - 1:
            for name in w:
                w[name] -= 2.5 / BATCH * sums[name]
                sums[name][:] = 0
        if k % 100 == 99:
            if k % 1000 == 999:
                print("errors", k, *(repr(float(e)) for e in errors))
            errors[:] = 0
    print("seconds", time.process_time() - begun)


if __name__ == "__main__":
    main(LINE.strings, "exact" in LINE.how)
