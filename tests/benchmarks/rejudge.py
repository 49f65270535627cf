"""Time a limit that is dragged over many files: verdicts of all of them, the folder's picture, and the list's share.

QT_QPA_PLATFORM=offscreen python tests/benchmarks/rejudge.py [--files 100000] [--moves 30]
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial

import msgspec
import numpy as np
from PySide6.QtWidgets import QApplication

from inspector.audit import Record
from inspector.checks import Status
from inspector.checks.rules import METRICS
from inspector.gui.folder_view import folder_view
from inspector.gui.models.file_list import FileListModel
from inspector.gui.models.file_table import FileTable
from inspector.gui.models.rejudge import Flips
from inspector.profiles import load_profile
from inspector.profiles.model import Limits
from tests.support.judged import judged_record, plain_status

PROFILE = "fslr-keypoints"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--moves", type=int, default=30)
    args = parser.parse_args()
    app = QApplication([])
    profile = load_profile(PROFILE)
    rng = np.random.default_rng(0)
    print(f"{args.files:,} files, {len(METRICS)} measurements with limits")
    records = [judged_record(f"/r/{k:06}.npz", rng, profile.limits) for k in range(args.files)]
    model = FileListModel()
    model.append([record.path for record in records])
    spent = [_timed(partial(model.set_records, records[k : k + 500])) for k in range(0, len(records), 500)]
    print(f"records into the table: {sum(spent) * 1000:7.0f} ms in all, {max(spent) * 1000:5.1f} ms for the worst 500")
    lines = np.linspace(5, 50, args.moves)
    limits = [msgspec.structs.replace(profile.limits, speed_spike=float(line)) for line in lines]
    table, names = model.table, {PROFILE}
    judging = _median([partial(table.rejudge, new, names, profile.limits) for new in limits])
    print(f"verdicts of all:        {judging:7.1f} ms (median of {args.moves} places of the limit)")
    model.sort(0)
    whole = _median([partial(_shown, app, model, new, names, profile.limits) for new in limits])
    print(f"with list and picture:  {whole:7.1f} ms, the list sorted by verdict")
    print(f"of which the picture:   {_median([partial(_picture, table, names, Flips.none())] * 9):7.1f} ms")
    one_by_one = _timed(partial(_one_by_one, records, limits[0])) * 1000
    print(f"record by record:       {one_by_one:7.1f} ms, {one_by_one / judging:.0f} times as long")


def _shown(app: QApplication, model: FileListModel, limits: Limits, names: set[str], since: Limits) -> None:
    _picture(model.table, names, model.rejudge(limits, names, since))
    model.arrange()
    app.processEvents()


def _picture(table: FileTable, names: set[str], flips: Flips) -> None:
    profile = load_profile(PROFILE)
    folder_view(table, 1, profile, profile, table.judged_by(names), flips)


def _one_by_one(records: list[Record], limits: Limits) -> list[Status]:
    return [plain_status(record, limits) for record in records]


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _median(works: Sequence[Callable[[], object]]) -> float:
    return statistics.median(_timed(work) for work in works) * 1000


if __name__ == "__main__":
    main()
