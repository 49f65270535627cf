"""Many files, of which those that have not changed are not read again."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from pathlib import Path

from inspector.audit.cache.keys import judging_key, measuring_key, picking_key
from inspector.audit.cache.store import Known, Row, Store, stamp_of
from inspector.audit.compact import finished
from inspector.audit.options import Options
from inspector.audit.record import Record
from inspector.database import CacheError, database_path, is_settled, limit_bytes
from inspector.profiles import Profile, builtin_profiles

BATCH = 128
"""Files that are looked up, and handed on, at once."""

_WRITE_ROWS, _WRITE_SECONDS = 256, 1.0
"""Rows are written at the first of these: each transaction costs as much as ten rows."""


Read = Callable[[Sequence[str], Options], Generator[list[Record], None, None]]

_ODD = (ValueError, TypeError, KeyError, IndexError, AttributeError)


def user_cache() -> Path | None:
    """Where this user's cache lies; None where none is wanted."""
    try:
        return database_path() if limit_bytes() else None
    except CacheError as error:
        _note(error)
        return None


def audit_cached(
    paths: Sequence[str],
    options: Options,
    cache: Path | None,
    read: Read,
    cancel: threading.Event | None = None,
) -> Generator[list[Record], None, None]:
    """Audit files, reading only those of which no measurements are kept; verdicts are by the limits of now.

    Parameters
    ----------
    cache
        The file where measurements are kept; None keeps and uses none. With an extra validator (`Options.validator`)
        every file is read, since nobody knows what that looks at.
    read
        Audits files by reading them, by the options that it is given; not called where there is none to read.
    cancel
        When set, nothing more is looked up; `read` has to look at it by itself.

    Yields
    ------
    list of Record
        One per file in all, some at a time: known ones first, then the others as they come.
    """
    reuse = None if cache is None or options.validator is not None else _Reuse.of(cache, options)
    if reuse is None:
        yield from read(paths, options)
        return
    with contextlib.closing(reuse):
        unknown: list[str] = []
        for start in range(0, len(paths), BATCH):
            if cancel is not None and cancel.is_set():
                return
            if found := reuse.known(paths[start : start + BATCH], unknown):
                yield found
        if unknown:
            with contextlib.closing(read(unknown, replace(options, evidence=True))) as batches:
                for batch in batches:
                    reuse.keep(batch)
                    for record in batch:  # still this one's alone: a copy of each would cost more than keeping it
                        object.__setattr__(record, "evidence", b"")
                    yield batch


def are_kept(paths: Sequence[str], cache: Path) -> bool:
    """Whether of each of these files something is kept that holds, whoever measured it."""
    try:
        with Store(cache) as store:
            return all(any(known.stamp == stamp_of(path) for known in store.find(path)) for path in paths)
    except CacheError:
        return False


class _Reuse:
    """One audit's use of the cache; once that fails, the audit goes on as if there were none."""

    def __init__(self, store: Store, options: Options) -> None:
        self._store: Store | None = store
        self._options = options
        profiles = builtin_profiles() if options.profile is None else (options.profile,)
        used = [options.in_use(profile) for profile in profiles]
        self._profiles = {measuring_key(profile): profile for profile in used}
        self._measuring = {profile.name: key for key, profile in self._profiles.items()}
        self._judging = {profile.name: judging_key(profile, options.targets) for profile in used}
        self._picking = picking_key(options)
        self._began = time.time_ns()
        self._rows: list[Row] = []
        self._verdicts: list[tuple[bytes, bytes, int]] = []
        self._wrote = time.monotonic()

    @classmethod
    def of(cls, path: Path, options: Options) -> _Reuse | None:
        """Open the cache; None where it cannot be used."""
        try:
            return cls(Store(path), options)
        except CacheError as error:
            _note(error)
            return None

    def known(self, paths: Sequence[str], unknown: list[str]) -> list[Record]:
        """Records of the files that have not changed; the others are added to `unknown`."""
        records = []
        for path in paths:
            record = self._recall(path)
            if record is None:
                unknown.append(path)
            else:
                records.append(record)
        self._write_sometimes()
        return finished(records, self._options)

    def _recall(self, path: str) -> Record | None:
        if self._store is None:
            return None
        try:
            found = self._store.find(path)
            stamp = stamp_of(path) if found else None
            for known in found:
                profile = self._profiles.get(known.measuring)
                if profile is not None and known.stamp == stamp and self._picked_alike(known):
                    return self._judged(path, known, profile)
        except CacheError as error:
            self._give_up(error)
        except _ODD as error:
            logging.getLogger(__name__).info("%s is read again: %s", path, error)
        return None

    def _picked_alike(self, known: Known) -> bool:
        return not self._picking or known.picking == self._picking

    def _judged(self, path: str, known: Known, profile: Profile) -> Record | None:
        from inspector.audit.cache.evidence import encode_verdict, judge_again, recall

        record = recall(path, known.stamp.size, known.stamp.modified, known.verdict)
        judging = self._judging[profile.name]
        if known.judging == judging:
            return record
        evidence = self._store.evidence(known.id) if self._store is not None else b""
        if not evidence:
            return None
        record = judge_again(record, evidence, profile, self._options)
        self._verdicts.append((judging, encode_verdict(record), known.id))
        return record

    def keep(self, records: Sequence[Record]) -> None:
        """Keep what workers found out."""
        if self._store is None:
            return
        from inspector.audit.cache.evidence import split

        for record in records:
            measuring = self._measuring.get(record.profile)
            if not record.evidence or measuring is None:
                continue
            stamp = stamp_of(record.path)
            if stamp is None or (stamp.size, stamp.modified) != (record.size_bytes, record.mtime_ns):
                continue
            if not is_settled(stamp.modified, stamp.changed, self._began):
                continue
            judging = self._judging[record.profile]
            self._rows.append(Row(record.path, measuring, self._picking, stamp, judging, *split(record.evidence)))
        self._write_sometimes()

    def _write_sometimes(self) -> None:
        waiting = len(self._rows) + len(self._verdicts)
        if waiting >= _WRITE_ROWS or (waiting and time.monotonic() - self._wrote >= _WRITE_SECONDS):
            self._write()

    def _write(self) -> None:
        rows, verdicts = self._rows, self._verdicts
        self._rows, self._verdicts = [], []
        if self._store is not None:
            try:
                if rows:
                    self._store.keep(rows)
                if verdicts:
                    self._store.judged(verdicts)
            except CacheError as error:
                self._give_up(error)
        self._wrote = time.monotonic()

    def close(self) -> None:
        """Write what waits, and let go."""
        self._write()
        store, self._store = self._store, None
        if store is not None:
            try:
                store.close()
            except CacheError as error:
                _note(error)

    def _give_up(self, error: CacheError) -> None:
        _note(error)
        store, self._store = self._store, None
        if store is not None:
            with contextlib.suppress(CacheError):
                store.close()


def _note(error: CacheError) -> None:
    logging.getLogger(__name__).warning("no measurements are kept or reused: %s", error)
