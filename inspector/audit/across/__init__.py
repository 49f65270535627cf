"""Across files: copies, copies of another length, speed or side, the same clip in two splits, labels and files.

Everything is told from records: `across` opens no file, but for the few whose checksums are alike and prove too little.
"""

from inspector.audit.across.labels import Joined, Label, Labels, read_labels
from inspector.audit.across.look import IMBALANCE, across
from inspector.audit.across.result import CODES, Across, Pair, with_across
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
