"""How drawn data looks, and which layers of a skeleton are drawn: plain values, so that a window and a video agree."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Style:
    """Colours and sizes of drawn data.

    Colours are ``#RRGGBB``; sizes are pixels of the painter (before its own scaling for sharp screens).

    Attributes
    ----------
    background
        What the data stands on; also the halo of the numbers.
    outline
        Hairlines: the edge of the unit square, grids, frames around pictures.
    text
        Numbers beside points.
    neutral
        Points of no group, and lines that join two groups.
    ring
        Around points that a finding names.
    point
        (least, most) diameter of a point; in between it follows how dense its group is on the picture.
    bone, contour
        (least, most) width of a bone; width of a contour.
    faint
        Opacity of what is not certain: lines with a hidden end.
    trail_frames
        How many frames back a trail reaches.
    label
        Height of the numbers.
    caption
        Text beside pictures and axes: readable, yet behind the rest.
    accent
        The current frame.
    warning
        Mark on a frame that a finding names.
    """

    background: str
    outline: str
    text: str
    neutral: str
    ring: str
    point: tuple[float, float] = (3.5, 7.0)
    bone: tuple[float, float] = (1.25, 3.0)
    contour: float = 1.0
    faint: float = 0.45
    trail_frames: int = 12
    label: float = 10.0
    caption: str = "#57606A"
    accent: str = "#2F6FC1"
    warning: str = "#B54708"


LIGHT = Style(background="#FFFFFF", outline="#D5D9DE", text="#24292F", neutral="#8A9099", ring="#B42318")
DARK = Style(
    background="#16181B",
    outline="#3A3F45",
    text="#E6E9ED",
    neutral="#7C848E",
    ring="#FF7B72",
    caption="#9BA4AE",
    accent="#5B9BEA",
    warning="#E3B341",
)


@dataclass(frozen=True, slots=True)
class Layers:
    """What of the skeleton is drawn besides its visible points.

    Attributes
    ----------
    bones
        Lines between points.
    hidden
        Points that were not detected yet have a position, hollow, and the faint lines to them.
    trails
        Where visible points came from.
    ids
        Each drawn point's index.
    square
        The outline of the unit square, for coordinates that are shares of a picture.
    """

    bones: bool = True
    hidden: bool = True
    trails: bool = False
    ids: bool = False
    square: bool = True


USUAL = Layers()
