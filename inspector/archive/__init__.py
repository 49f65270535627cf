"""Reading .npz archives safely and lazily: directory, headers, one array, rows of one array."""

from inspector.archive.member import Member
from inspector.archive.opaque import Opaque, PickleLimits
from inspector.archive.pickles import decode_pickle, pickle_imports
from inspector.archive.reader import NpzFile, open_npz
from inspector.archive.streams import Wanted

__all__ = ["Member", "NpzFile", "Opaque", "PickleLimits", "Wanted", "decode_pickle", "open_npz", "pickle_imports"]
