"""An audit on a cluster: nothing lost, nothing twice, the same records; and workers that do not fit are told."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any, ClassVar

import pytest

from inspector.audit import cluster, many
from inspector.audit.engine import LOCAL, Engine
from inspector.audit.job import Auditor
from inspector.audit.many import audit_many
from inspector.audit.options import Options
from inspector.audit.record import Record
from inspector.checks import Status
from inspector.errors import InspectorError, UsageError
from tests.support import auditors

distributed = pytest.importorskip("distributed")

pytestmark = pytest.mark.filterwarnings(
    # workers that are killed leave these to the garbage collector
    "ignore::pytest.PytestUnraisableExceptionWarning",
    "ignore:.*:ResourceWarning:distributed",
)
OPTIONS = Options()


def names(count: int) -> list[str]:
    return [f"{i:03d}.npz" for i in range(count)]


def run(on: cluster.Cluster, paths: list[str], auditor: Auditor, **more: Any) -> list[Record]:
    batches = audit_many(
        paths, OPTIONS, workers=on.workers, executor=on.executor, folder=on.folder, auditor=auditor, **more
    )
    return [record for batch in batches for record in batch]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A cluster of somebody else's, with two workers."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", memory_limit=0, silence_logs=60
    ) as made:
        yield made.scheduler_address


@pytest.mark.parametrize(
    ("text", "engine"),
    [
        ("local", LOCAL),
        ("dask", Engine(True)),
        ("dask=tcp://host:8786", Engine(True, "tcp://host:8786")),
        ("dask=/a=b/scheduler.json", Engine(True, "/a=b/scheduler.json")),
    ],
)
def test_engines(text: str, engine: Engine) -> None:
    assert Engine.parse(text) == engine


@pytest.mark.parametrize("text", ["", "dask=", "ray", "local=2", "DASK"])
def test_engines_that_do_not_exist(text: str) -> None:
    with pytest.raises(UsageError, match="engine: expected local, dask or dask=ADDRESS"):
        Engine.parse(text)


def test_order_is_kept_and_the_cluster_goes_on(address: str) -> None:
    for _ in range(2):
        with cluster.connected(Engine(True, address), names(300)) as on:
            assert on.workers() == 2
            records = run(on, names(300), auditors.plain)
        assert [r.path for r in records] == names(300)
        pids = {r.measurements["pid"] for r in records}
        assert os.getpid() not in pids and 1 <= len(pids) <= 2


def test_a_scheduler_file(address: str, tmp_path: Path) -> None:
    file = tmp_path / "scheduler.json"
    file.write_text(json.dumps({"type": "Scheduler", "address": address}))
    with cluster.connected(Engine(True, str(file)), names(3)) as on:
        assert len(run(on, names(3), auditors.plain)) == 3


def test_relative_paths_start_here(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with cluster.connected(Engine(True, address), ["a.npz"]) as on:
        (record,) = run(on, ["a.npz"], auditors.here)
    assert (record.path, record.measurements["whole"]) == ("a.npz", str(tmp_path / "a.npz"))
    monkeypatch.chdir(tmp_path.parent)
    whole = str(tmp_path / "a.npz")
    with cluster.connected(Engine(True, address), [whole]) as on:
        assert on.folder is None and run(on, [whole], auditors.here)[0].measurements["whole"] == whole


@pytest.mark.slow
def test_files_that_kill_their_worker_cost_one_record_each_the_same_as_here() -> None:
    paths = names(120)
    paths[7], paths[31], paths[40], paths[119] = "exit.npz", "kill.npz", "raise.npz", "exit2.npz"
    with cluster.connected(Engine(True), paths, 2) as on:
        records = run(on, paths, auditors.deadly)
    local = [r for batch in audit_many(paths, OPTIONS, workers=2, auditor=auditors.deadly) for r in batch]
    assert [(r.path, r.error, r.status, r.findings) for r in records] == [
        (r.path, r.error, r.status, r.findings) for r in local
    ]
    assert [r.path for r in records if r.status is Status.ERROR] == [paths[i] for i in (7, 31, 40, 119)]
    assert records[31].error and "signal 9" in records[31].error


@pytest.mark.slow
def test_a_worker_killed_from_outside_costs_nothing(address: str) -> None:
    paths = names(500)
    with cluster.connected(Engine(True, address), paths) as on:
        batches = audit_many(paths, OPTIONS, workers=on.workers, executor=on.executor, auditor=auditors.unhurried)
        found = next(batches)
        os.kill(found[0].measurements["pid"], signal.SIGKILL)
        found += [record for batch in batches for record in batch]
    assert [r.path for r in found] == paths and {r.status for r in found} == {Status.PASS}


@pytest.mark.slow
def test_cancel_ends_soon_even_while_files_are_read() -> None:
    cancel = threading.Event()
    with cluster.connected(Engine(True), [], 1) as on:
        batches = audit_many(
            ["a.npz", *["stuck.npz"] * 500], OPTIONS, workers=on.workers, executor=on.executor, cancel=cancel,
            auditor=auditors.stuck,
        )  # fmt: skip
        threading.Timer(0.5, cancel.set).start()
        assert list(batches) == []


def test_the_log_of_the_library_is_kept_to_itself_meanwhile(address: str, capfd: pytest.CaptureFixture[str]) -> None:
    loggers = [logging.getLogger(name) for name in ("distributed", "distributed.client", "tornado.application")]
    levels = [logger.level for logger in loggers]
    with cluster.connected(Engine(True, address), names(50)) as on:
        assert not any(logger.isEnabledFor(logging.CRITICAL) for logger in loggers)
        run(on, names(50), auditors.plain)
    assert [logger.level for logger in loggers] == levels
    assert capfd.readouterr() == ("", "")


def test_no_scheduler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECT", 0.3)
    with (
        pytest.raises(InspectorError, match=r"no dask scheduler answers at tcp://127\.0\.0\.1:1 within 0 s"),
        cluster.connected(Engine(True, "tcp://127.0.0.1:1"), []),
    ):
        pytest.fail("there is nobody")


@pytest.mark.parametrize("content", [None, "no json", "[]", "{}"])
def test_no_scheduler_file(content: str | None, tmp_path: Path) -> None:
    file = tmp_path / "scheduler.json"
    if content is not None:
        file.write_text(content)
    with (
        pytest.raises(UsageError, match=r"scheduler\.json: expected a dask scheduler file with an address"),
        cluster.connected(Engine(True, str(file)), []),
    ):
        pytest.fail("it says nothing")


def test_no_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "FIRST_WORKER", 0.3)
    with (
        distributed.LocalCluster(n_workers=0, dashboard_address="127.0.0.1:0", silence_logs=60) as empty,
        pytest.raises(InspectorError, match="has no workers, and none came in 0 s"),
        cluster.connected(Engine(True, empty.scheduler_address), []),
    ):
        pytest.fail("there is nobody to work")


@pytest.mark.parametrize("missing", ["distributed", "dask"])
def test_without_the_extra(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    with (
        pytest.raises(UsageError, match=r"missing here: pip install 'npz-inspector\[cluster\]'"),
        cluster.connected(Engine(True), []),
    ):
        pytest.fail("there is no library")


@pytest.mark.parametrize(
    ("engine", "workers", "words"),
    [(Engine(True), 0, "expected 1 or more"), (Engine(True, "tcp://x:1"), 4, "has its own; leave --workers out")],
)
def test_workers_that_make_no_sense(engine: Engine, workers: int, words: str) -> None:
    with pytest.raises(UsageError, match=words), cluster.connected(engine, [], workers):
        pytest.fail("it makes no sense")


class Fake:
    """A client whose workers say what they are told to."""

    def __init__(self, answer: Any = None) -> None:
        self.answer = answer
        self.threads: dict[str, int] = {"tcp://10.0.0.7:1": 2, "tcp://10.0.0.7:2": 2, "tcp://10.0.0.8:1": 1}
        self.status = "running"
        self.scheduler = self
        self.address = "tcp://10.0.0.1:8786"
        self.asked: list[str] = []

    def ncores(self) -> None:
        """Only named."""

    def sync(self, function: object, callback_timeout: float) -> dict[str, int]:
        return self.threads

    def run(self, function: Any, *arguments: Any, workers: list[str], on_error: str) -> dict[str, Any]:
        self.asked += workers
        return {each: self.answer(function(*arguments)) if self.answer else function(*arguments) for each in workers}


def changed(**fields: Any) -> Callable[[cluster.Report], cluster.Report]:
    def change(true: cluster.Report) -> cluster.Report:
        return cluster.Report(**({name: getattr(true, name) for name in true.__slots__} | {"host": "node7"} | fields))

    return change


def test_one_worker_of_each_host_is_asked_and_new_hosts_when_they_come(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Fake()
    on = cluster.Cluster(client, [__file__])
    assert len(client.asked) == 2 and on.workers() == 5
    monkeypatch.setattr(cluster, "_EVERY", 0)
    client.threads["tcp://10.0.0.9:1"] = 4
    assert on.workers() == 9 and client.asked[2:] == ["tcp://10.0.0.9:1"]
    client.answer = changed(sizes={__file__: -1})
    client.threads["tcp://10.0.0.10:1"] = 1
    with pytest.raises(UsageError, match=r"node7 \(10\.0\.0\.10\)"):
        on.workers()


VERSIONS = {"npz-inspector": "9.9", "numpy": "1.0", "Python": "3.0"}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (changed(versions=VERSIONS), r"node7 \(10\.0\.0\.[78]\) .*: npz-inspector is 9\.9 there and \d.* here"),
        (changed(versions=cluster._versions() | {"numpy": "1.0"}), r"numpy is 1\.0 there and \d.* here"),
        (changed(versions=cluster._versions() | {"Python": "3.0"}), r"Python is 3\.0 there and 3\.\d+ here"),
        (changed(sizes={__file__: -1}), r"do not see .*test_cluster\.py: they must see the same files"),
        (changed(sizes={__file__: 3}), r"see another .*test_cluster\.py: 3 bytes there, [0-9,]+ here"),
        (changed(folder="no such folder"), r"cannot enter .*, where paths start: no such folder"),
        (
            lambda true: ModuleNotFoundError("No module named 'inspector'"),
            r"workers on 10\.0\.0\.[78] cannot run this audit: they need npz-inspector .*No module named 'inspector'",
        ),
    ],
)
def test_workers_that_do_not_fit(answer: Callable[[cluster.Report], Any], words: str) -> None:
    with pytest.raises(InspectorError, match=words):
        cluster.Cluster(Fake(answer), [__file__])


def test_a_worker_is_asked_for_what_it_sees(tmp_path: Path) -> None:
    here = Path.cwd()
    try:
        (tmp_path / "a.npz").write_bytes(b"123")
        report = cluster.ask(["a.npz", "b.npz"], str(tmp_path))
        assert report.sizes == {"a.npz": 3, "b.npz": -1} and report.folder is None
        assert cluster.ask([], str(tmp_path / "none")).folder == "No such file or directory"
    finally:
        os.chdir(here)


def test_a_scheduler_or_all_workers_that_went_away_end_the_audit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_EVERY", 0)
    client = Fake()
    on = cluster.Cluster(client, [])
    client.threads = {}
    assert on.workers() == 1, "some may come back"
    monkeypatch.setattr(cluster, "NO_WORKERS", -1.0)
    with pytest.raises(InspectorError, match="has had no workers for"):
        on.workers()
    client.status = "closed"
    with pytest.raises(InspectorError, match=r"the scheduler at tcp://10\.0\.0\.1:8786 no longer answers"):
        on.workers()


def test_what_is_in_flight_follows_the_workers() -> None:
    class Slow(Executor):
        def __init__(self) -> None:
            self.waiting: list[tuple[Future[Any], Any]] = []

        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            future: Future[Any] = Future()
            self.waiting.append((future, lambda: fn(*args)))
            return future

    executor, workers, most = Slow(), 2, []

    def now() -> int:
        if len(executor.waiting) >= workers * many.IN_FLIGHT:
            most.append(len(executor.waiting))
            for future, work in executor.waiting:
                future.set_result(work())
            executor.waiting.clear()
        return workers

    cancel = threading.Event()
    give_up = threading.Timer(20, cancel.set)
    give_up.start()
    batches = audit_many(
        names(4000), OPTIONS, workers=now, executor=executor, auditor=auditors.plain, cancel=cancel, ordered=False
    )
    with contextlib.closing(batches):
        next(batches)
        assert most == [2 * many.IN_FLIGHT]
        workers = 5
        for _ in batches:
            if len(most) == 3:
                break
    give_up.cancel()
    assert most[-1] == 5 * many.IN_FLIGHT


def test_a_lost_batch_does_not_hold_the_others_up() -> None:
    class LosesOne(Executor):
        begun: ClassVar[list[str]] = []

        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            self.begun.append(fn.__name__)
            future: Future[Any] = Future()
            if len(self.begun) == 1:
                future.set_exception(ConnectionError("its worker has gone"))
            else:
                future.set_result(auditors.plain(args[1], OPTIONS))
            return future

    batches = audit_many(names(900), OPTIONS, workers=1, executor=LosesOne(), auditor=auditors.plain)
    assert [record.path for batch in batches for record in batch] == names(900)
    assert set(LosesOne.begun[:-1]) == {"run_job"} and LosesOne.begun[-1] == "run_apart"
