"""Across files: copies, copies of another length, speed or side, the same clip in two splits, labels and files.

Everything is told from records: `across` opens no file, but for the few whose checksums are alike and prove too little.
What looks is imported when it is first asked for: an audit starts its workers before it needs numpy itself.
"""

from typing import TYPE_CHECKING

from inspector.audit.across.result import CODES, Across, Pair, with_across
from inspector.later import imported_later

if TYPE_CHECKING:
    from inspector.audit.across.labels import Joined, Label, Labels, read_labels
    from inspector.audit.across.look import IMBALANCE, across
    from inspector.audit.across.splits import Splits, read_splits

__all__ = [
    "CODES",
    "IMBALANCE",
    "Across",
    "Joined",
    "Label",
    "Labels",
    "Pair",
    "Splits",
    "across",
    "read_labels",
    "read_splits",
    "with_across",
]

_LATER = {
    "IMBALANCE": ".look",
    "Joined": ".labels",
    "Label": ".labels",
    "Labels": ".labels",
    "Splits": ".splits",
    "across": ".look",
    "read_labels": ".labels",
    "read_splits": ".splits",
}

__getattr__ = imported_later(__name__, _LATER)
