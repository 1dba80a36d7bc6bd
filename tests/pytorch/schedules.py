"""What changes while a network learns, as points: ((update, value), ...), in the order of the updates."""


def stepwise(points, update):
    """The value of the last point that is not after the update; the first one's before."""
    return [points[0][1], *(value for start, value in points if start <= update)][-1]


def geometric(points, update):
    """From one point to the next by equal factors; before the first and after the last as there.

    Of two points at one update, the first holds up to it, the second from then on.
    """
    start, value = points[0]
    if update <= start:
        return value
    for end, last in points[1:]:
        if update <= end:
            t = (update - start) / (end - start)
            return value ** (1 - t) * last**t
        start, value = end, last
    return value


def stretched(points, factor):
    """The same values, at updates that are multiplied by a factor."""
    return tuple((round(factor * update), value) for update, value in points)
