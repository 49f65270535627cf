"""Colours that tell classes apart."""

from __future__ import annotations

# Okabe & Ito, "Color Universal Design" (2008), in an order that keeps neighbours apart. Their black is lost on dark and
# their yellow on white: grey and a darker yellow stand for them.
CLASS_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#A39300", "#8A9099")


def class_colour(index: int) -> str:
    """``#RRGGBB`` of a class by its place among the classes; the list begins again after the last."""
    return CLASS_COLOURS[index % len(CLASS_COLOURS)]
