"""What changes while a network learns, as points: ((update, value), ...), in the order of the updates."""


def geometric(points, update):
    """From one point to the next by equal factors; before the first and after the last as there.

    Of two points at one update, the first holds up to it, the second after it.
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
