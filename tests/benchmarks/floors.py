"""What cannot be beaten: a library alone on the same files, timed inside a process of its own that prints seconds.

    python -m tests.benchmarks.floors inflate FOLDER [--workers 2]   libdeflate on all members, files read, no checksums
    python -m tests.benchmarks.floors pass FILE MEMBER               zlib-ng through one member in pieces
    python -m tests.benchmarks.floors samples FILE MEMBER [--count 200]   ours: one pass in blocks, then rows at random
    python -m tests.benchmarks.floors tasks [--count 500]   an empty task through dask, where it is installed

Start-up is not in it: the clock starts when all processes wait for the word to go.
"""

from __future__ import annotations

import argparse
import importlib
import multiprocessing
import struct
import time
import zipfile
from multiprocessing.synchronize import Barrier
from pathlib import Path

import deflate
import numpy as np
from zlib_ng import zlib_ng

from inspector.archive import open_npz

_STORED, _RAW = 0, -15
_LOCAL_HEADER = 30
_PIECE, _MOST = 1 << 18, 1 << 20
_PATIENCE = 15.0  # seconds


def inflate(folder: Path, workers: int) -> float:
    """Seconds to read every file below the folder and inflate its members by libdeflate, in so many processes."""
    paths = sorted(map(str, folder.rglob("*.npz")))
    forked = multiprocessing.get_context("fork")
    start, end = forked.Barrier(workers + 1), forked.Barrier(workers + 1)
    shares = [paths[k::workers] for k in range(workers)]
    processes = [forked.Process(target=_inflate_all, args=(share, start, end)) for share in shares]
    for process in processes:
        process.start()
    start.wait()
    began = time.perf_counter()
    end.wait()
    seconds = time.perf_counter() - began
    for process in processes:
        process.join()
    return seconds


def _inflate_all(paths: list[str], start: Barrier, end: Barrier) -> None:
    start.wait()
    for path in paths:
        data = memoryview(Path(path).read_bytes())
        for packed, size in _members(data):
            deflate.deflate_decompress(packed, size)
    end.wait()


def _members(data: memoryview) -> list[tuple[memoryview, int]]:
    """Packed bytes and true size of each deflated member; of sound archives without comment, under 4 GB."""
    count, _, at = struct.unpack_from("<HII", data, len(data) - 12)
    found = []
    for _ in range(count):
        method, packed, size, name, extra, comment, start = struct.unpack_from("<10xH8xIIHHH8xI", data, at)
        if method != _STORED:
            begin = start + _LOCAL_HEADER + sum(struct.unpack_from("<HH", data, start + 26))
            found.append((data[begin : begin + packed], size))
        at += 46 + name + extra + comment
    return found


def one_pass(path: Path, member: str) -> float:
    """Seconds of zlib-ng through one deflated member, in pieces that are thrown away."""
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo(f"{member}.npy")
    stream = zlib_ng.decompressobj(_RAW)
    began = time.perf_counter()
    size = 0
    with path.open("rb", buffering=0) as file:
        file.seek(info.header_offset + 26)
        file.seek(info.header_offset + _LOCAL_HEADER + sum(struct.unpack("<HH", file.read(4))))
        while not stream.eof:
            data = file.read(_PIECE)
            while data:
                size += len(stream.decompress(data, _MOST))
                data = stream.unconsumed_tail
    assert size == info.file_size, f"{size} bytes of {info.file_size}"
    return time.perf_counter() - began


def samples(path: Path, member: str, count: int) -> list[float]:
    """Seconds of one pass through a member in blocks, then of each of so many single rows at random.

    Where each row is a pass of its own again, they are fewer: about as many as fit into `_PATIENCE`.
    """
    rng = np.random.default_rng(0)
    with open_npz(path) as npz:
        began = time.perf_counter()
        rows = 0
        for _, block in npz.blocks(member):
            rows += len(block)
        spent = [time.perf_counter() - began]
        for row in rng.integers(0, rows, count).tolist():
            began = time.perf_counter()
            npz.rows(member, row, row + 1)
            spent.append(time.perf_counter() - began)
            if sum(spent[1:]) > _PATIENCE:
                break
    return spent


def tasks(count: int) -> float:
    """Seconds a task, of so many that do nothing, through the executor of a cluster of one process."""
    distributed = importlib.import_module("distributed")
    settings = {"n_workers": 1, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
    with distributed.LocalCluster(**settings) as cluster, distributed.Client(cluster) as client:
        executor = client.get_executor()
        executor.submit(_nothing, -1).result()
        began = time.perf_counter()
        for future in [executor.submit(_nothing, k) for k in range(count)]:
            future.result()
        return (time.perf_counter() - began) / count


def _nothing(number: int) -> int:
    return number


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("inflate", "pass", "samples", "tasks"))
    parser.add_argument("path", type=Path, nargs="?", default=Path())
    parser.add_argument("member", nargs="?", default="videos")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--count", type=int, default=None)
    args = parser.parse_args()
    if args.what == "inflate":
        print(inflate(args.path, args.workers))
    elif args.what == "pass":
        print(one_pass(args.path, args.member))
    elif args.what == "samples":
        print(*samples(args.path, args.member, args.count or 200))
    else:
        print(tasks(args.count or 500))


if __name__ == "__main__":
    main()
