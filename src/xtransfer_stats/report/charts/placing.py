"""Where the names of points can stand so that none covers another name or a point."""

from collections.abc import Sequence

CHARACTER, LINE, DOT = 6.6, 11.0, 5.0  # pixels: width of a letter, height of a line, half a point with its margin

Box = tuple[float, float, float, float]  # left, top, right, bottom


def placed(points: Sequence[tuple[float, float]], names: Sequence[str], width: float) -> list[str]:
    """A side a name: "right", "left", "above", "below", or "" where every side is taken or beyond the chart.

    points: (x, y) in pixels from the upper left. The first names are served first.
    """
    taken: list[Box] = [(x - DOT, y - DOT, x + DOT, y + DOT) for x, y in points]
    sides = []
    for index, ((x, y), name) in enumerate(zip(points, names, strict=True)):
        others = taken[:index] + taken[index + 1 :]
        boxes = _boxes(x, y, CHARACTER * len(name))
        side = next((one for one, box in boxes.items() if _free(box, others, width)), "")
        sides.append(side)
        if side:
            taken.append(boxes[side])
    return sides


def _boxes(x: float, y: float, wide: float) -> dict[str, Box]:
    half = wide / 2
    return {
        "right": (x + DOT, y - LINE / 2, x + DOT + wide, y + LINE / 2),
        "left": (x - DOT - wide, y - LINE / 2, x - DOT, y + LINE / 2),
        "above": (x - half, y - DOT - LINE, x + half, y - DOT),
        "below": (x - half, y + DOT, x + half, y + DOT + LINE),
    }


def _free(box: Box, others: Sequence[Box], width: float) -> bool:
    inside = box[0] >= 0 and box[2] <= width
    return inside and not any(
        box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3] for other in others
    )
