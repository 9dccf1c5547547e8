"""Figures as SVG: bars, columns, a network of arcs, and what confidences are worth.

Colours and type are classes of static/finding.css. A picture is 400 units wide, so that its letters are still read on a
telephone. Every picture has a title and a description; the table below it on the page says the same in full.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil
from xml.etree.ElementTree import Element, SubElement, tostring

from forum_comments.pages.reading import Row

WIDTH = 400
LABEL_WIDTH, LABEL_CHARACTERS = 140, 20
VALUE_WIDTH = 56
ROW_HEIGHT, BAR_HEIGHT = 24, 15
LEGEND_LETTER = 6.2  # mean width of a letter at the legend's size
COLUMN_AREA = 150  # height of the tallest column
YEAR_WIDTH = 40  # that a label below the columns needs
MONTHS_UNTIL_YEARS = 48  # with more columns than that they stand for years
NODE_HEIGHT = 30
SQUARE, SQUARE_LEFT, SQUARE_TOP = 270, 70, 30  # of the picture of confidences
LARGEST_POINT = 14  # radius
UNDATED = "undated"


def chart(figure: Row) -> str | None:
    """Return a figure of `statistics_page` or `about_page` as SVG; None where it has no picture or nothing to show."""
    draw = {"bars": _bars, "columns": _columns, "network": _network, "calibration": _calibration}.get(figure["kind"])
    if draw is None or not figure["total"]:
        return None
    svg: str = tostring(draw(figure), encoding="unicode")
    return svg


def _picture(figure: Row, height: float, description: str) -> Element:
    key = figure["name"].replace(" ", "-")
    svg = Element(
        "svg",
        {
            "class": f"chart chart-{figure['kind']}",
            "viewBox": f"0 0 {WIDTH} {height:g}",
            "role": "img",
            "aria-labelledby": f"{key}-title {key}-description",
        },
    )
    SubElement(svg, "title", {"id": f"{key}-title"}).text = figure["title"]
    SubElement(svg, "desc", {"id": f"{key}-description"}).text = description
    return svg


def _add(parent: Element, tag: str, text: str | None = None, **attributes: object) -> Element:
    """Add an element; `class_` stands for `class`, and underscores in other names for hyphens."""
    names = {name.rstrip("_").replace("_", "-"): _number(value) for name, value in attributes.items()}
    element = SubElement(parent, tag, names)
    element.text = text
    return element


def _number(value: object) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _short(label: str) -> str:
    return label if len(label) <= LABEL_CHARACTERS else f"{label[: LABEL_CHARACTERS - 1]}…"


def _parts(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Group rows by label, in their order: the parts of each bar."""
    parts: dict[str, list[Row]] = {}
    for row in rows:
        parts.setdefault(row["label"], []).append(row)
    return parts


def _bars(figure: Row) -> Element:
    bars = _without_empty_end(_parts(figure["rows"]))
    series = list(dict.fromkeys(row["series"] for row in figure["rows"] if row["series"] and row["value"]))
    sums = {label: sum(part["value"] for part in parts) for label, parts in bars.items()}
    most = max(sums, key=lambda label: sums[label])
    legend_height = 24 if len(series) > 1 else 0
    description = f"{len(bars)} bars; the longest is “{most}” with {sums[most]:,}."
    svg = _picture(figure, legend_height + ROW_HEIGHT * len(bars) + 4, description)
    if legend_height:
        _legend(svg, series)
    scale = (WIDTH - LABEL_WIDTH - VALUE_WIDTH) / sums[most]
    for number, (label, parts) in enumerate(bars.items()):
        top = legend_height + number * ROW_HEIGHT + 4
        group = _add(svg, "g")
        _add(group, "title", _in_words(label, parts))
        _add(group, "text", _short(label), class_="label", x=LABEL_WIDTH - 6, y=top + 12)
        left = float(LABEL_WIDTH)
        for part in parts:
            width = part["value"] * scale
            if width:
                tone = series.index(part["series"]) if part["series"] else 0
                _add(group, "rect", class_=f"bar tone-{tone}", x=left, y=top, width=width, height=BAR_HEIGHT)
            left += width
        _add(group, "text", f"{sums[label]:,}", class_="value", x=left + 5, y=top + 12)
    return svg


def _without_empty_end(bars: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Leave out the ranges above the highest one that holds anything."""
    filled = [number for number, parts in enumerate(bars.values()) if any(part["value"] for part in parts)]
    return dict(list(bars.items())[: filled[-1] + 1])


def _in_words(label: str, parts: list[Row]) -> str:
    total = sum(part["value"] for part in parts)
    detail = ", ".join(f"{part['value']:,} {part['series']}" for part in parts if part["series"])
    return f"{label}: {total:,}" + (f" ({detail})" if detail else "")


def _legend(svg: Element, series: list[str]) -> None:
    left = 10.0
    for tone, name in enumerate(series):
        _add(svg, "rect", class_=f"bar tone-{tone}", x=left, y=4, width=11, height=11)
        _add(svg, "text", name, class_="key", x=left + 16, y=14)
        left += 16 + LEGEND_LETTER * len(name) + 16


def _columns(figure: Row) -> Element:
    values = {row["label"]: row["value"] for row in figure["rows"]}
    undated = values.pop(UNDATED, 0)
    unit, dated = _dated_columns(values)
    bars = dated | ({UNDATED: undated} if undated else {})
    highest = max(bars, key=lambda label: bars[label])
    span = f"from {min(dated)} to {max(dated)}, one column a {unit}" if dated else "no comment has a date"
    svg = _picture(figure, COLUMN_AREA + 44, f"{sum(dated.values()):,} dated comments, {span}; {undated:,} undated.")
    step = min(60.0, (WIDTH - 20 - (40 if undated and dated else 0)) / len(bars))
    baseline = COLUMN_AREA + 20
    labelled = ceil(YEAR_WIDTH / step)
    left = 10.0
    for number, (label, value) in enumerate(bars.items()):
        is_undated = label == UNDATED
        if is_undated and dated:
            left += 30
        height = value / bars[highest] * COLUMN_AREA
        width = 44.0 if is_undated else step
        group = _add(svg, "g")
        _add(group, "title", f"{label}: {value:,}")
        tone = 1 if is_undated else 0
        _add(group, "rect", class_=f"bar tone-{tone}", x=left, y=baseline - height, width=width * 0.84, height=height)
        middle = left + width * 0.42
        if is_undated or label == highest:
            _add(group, "text", f"{value:,}", class_="value middle", x=middle, y=baseline - height - 5)
        if is_undated or number % labelled == 0:
            _add(group, "text", label, class_="key middle", x=middle, y=baseline + 15)
        left += width
    _add(svg, "line", class_="axis", x1=10, y1=baseline, x2=max(left, 60.0), y2=baseline)
    return svg


def _dated_columns(months: dict[str, int]) -> tuple[str, dict[str, int]]:
    """Return whether a column stands for a month or a year, and the columns in their order, empty ones too."""
    all_months = _months_between(months)
    if len(all_months) <= MONTHS_UNTIL_YEARS:
        return "month", {label: months.get(label, 0) for label in all_months}
    years = dict.fromkeys((label[:4] for label in all_months), 0)
    for label, value in months.items():
        years[label[:4]] += value
    return "year", years


def _months_between(values: Iterable[str]) -> list[str]:
    """Return all months from the first to the last, as `2021-05`."""
    known = sorted(values)
    if not known:
        return []
    (first_year, first_month), (last_year, last_month) = (
        (int(label[:4]), int(label[5:7])) for label in (known[0], known[-1])
    )
    numbers = range(first_year * 12 + first_month - 1, last_year * 12 + last_month)
    return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in numbers]


def _network(figure: Row) -> Element:
    """Draw people one below the other and an arc for each pair, bowed to the right, its end marked by an arrowhead."""
    arcs = figure["rows"]
    series = list(dict.fromkeys(arc["series"] for arc in arcs))
    people = list(dict.fromkeys(name for arc in arcs for name in (arc["label"], arc["target"])))
    heights = {name: 40 + number * NODE_HEIGHT for number, name in enumerate(people)}
    most = max(arcs, key=lambda arc: arc["value"])
    svg = _picture(
        figure,
        40 + NODE_HEIGHT * len(people),
        f"{len(people)} people, {len(arcs)} arrows; the strongest: {_arrow_in_words(most)}.",
    )
    _legend(svg, series)
    for arc in arcs:
        _arc(svg, arc, heights, series.index(arc["series"]), most["value"])
    for name, height in heights.items():
        group = _add(svg, "g")
        _add(group, "title", name)
        _add(group, "text", _short(name), class_="label", x=LABEL_WIDTH - 6, y=height + 4)
        _add(group, "circle", class_="node", cx=LABEL_WIDTH + 4, cy=height, r=4)
    return svg


def _arrow_in_words(arc: Row) -> str:
    times = "once" if arc["value"] == 1 else f"{arc['value']:,} times"
    return f"{arc['label']} {arc['series']} {arc['target']} {times}"


def _arc(svg: Element, arc: Row, heights: dict[str, int], tone: int, most: int) -> None:
    start, end = heights[arc["label"]], heights[arc["target"]]
    left = LABEL_WIDTH + 10
    # Answers and quotations, and both directions, bow differently, so that none hides another.
    span = abs(end - start) / max(1, max(heights.values()) - min(heights.values()))
    reach = 30 + 270 * span + 12 * tone + (8 if end < start else 0)
    nudge = 3 if end > start else -3
    if start == end:
        start, end, nudge = start - 7, end + 7, 0
    group = _add(svg, "g", class_=f"arc tone-{tone}")
    _add(group, "title", _arrow_in_words(arc))
    tail, tip, bow = start + nudge, end - nudge, left + round(reach, 1)
    path = f"M{left} {tail}C{bow} {tail} {bow} {tip} {left + 6} {tip}"
    _add(group, "path", class_="line", d=path, stroke_width=1 + 4 * (arc["value"] / most) ** 0.5)
    _add(group, "path", class_="head", d=f"M{left - 1} {tip}l9 -4v8z")


def _calibration(figure: Row) -> Element:
    """Draw a point for each group of boundaries: right its confidence, up how many are right, its area how many."""
    points = figure["rows"]
    layouts = list(dict.fromkeys(point["layout"] for point in points))
    most = max(point["counted"] for point in points)
    description = f"{len(points)} groups of boundaries. On the diagonal a confidence is worth what it says."
    svg = _picture(figure, SQUARE_TOP + SQUARE + 50, description)
    _legend(svg, layouts)
    left, bottom = SQUARE_LEFT, SQUARE_TOP + SQUARE
    _add(svg, "path", class_="frame", d=f"M{left} {SQUARE_TOP}h{SQUARE}v{SQUARE}h-{SQUARE}z")
    _add(svg, "path", class_="diagonal", d=f"M{left} {bottom}l{SQUARE} -{SQUARE}")
    for tenths in (0, 5, 10):
        step = tenths * SQUARE / 10
        _add(svg, "text", f"{tenths * 10} %", class_="key middle", x=left + step, y=bottom + 18)
        _add(svg, "text", f"{tenths * 10} %", class_="key end", x=left - 8, y=bottom - step + 4)
    _add(svg, "text", "confidence", class_="key middle", x=left + SQUARE / 2, y=bottom + 38)
    _add(svg, "text", "right", class_="key end", x=left - 8, y=bottom - SQUARE / 2 - 14)
    for point in points:
        group = _add(svg, "g", class_=f"point tone-{layouts.index(point['layout'])}")
        given, right = f"{point['mean_confidence']:.0%}", f"{point['value']:.0%}"
        words = f"{point['layout']}: of {point['counted']:,} boundaries given {given} on average, {right} are right"
        _add(group, "title", words)
        x, y = left + SQUARE * point["mean_confidence"], bottom - SQUARE * point["value"]
        _add(group, "circle", cx=x, cy=y, r=3 + LARGEST_POINT * (point["counted"] / most) ** 0.5)
    return svg
