"""Many files: nothing lost, nothing twice, one death takes one file."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

from inspector.audit import many
from inspector.audit.many import audit_many
from inspector.audit.options import Options
from inspector.audit.record import Record
from inspector.checks import Status
from inspector.errors import InspectorError, UsageError
from inspector.workers import context
from tests.support import auditors

OPTIONS = Options()


def flat(batches: Iterator[list[Record]]) -> list[Record]:
    return [record for batch in batches for record in batch]


def names(count: int) -> list[str]:
    return [f"{i:03d}.npz" for i in range(count)]


def test_order_is_kept_over_processes() -> None:
    paths = names(300)
    records = flat(audit_many(paths, OPTIONS, workers=2, auditor=auditors.plain))
    assert [r.path for r in records] == paths
    pids = {r.measurements["pid"] for r in records}
    assert os.getpid() not in pids and 1 <= len(pids) <= 2


def test_unordered_yields_each_once_and_a_slow_file_does_not_hold_the_others_back() -> None:
    paths = ["stuck.npz", *names(100)]
    cancel = threading.Event()
    seen: list[str] = []
    for batch in audit_many(paths, OPTIONS, workers=2, ordered=False, cancel=cancel, auditor=auditors.stuck):
        seen += [r.path for r in batch]
        if len(seen) > 40:
            cancel.set()
    assert len(seen) == len(set(seen)) and "stuck.npz" not in seen


def test_few_files_are_audited_here_and_many_are_not(tmp_path: Path) -> None:
    few = flat(audit_many(names(many.FEW_FILES - 1), OPTIONS, auditor=auditors.plain))
    assert {r.measurements["pid"] for r in few} == {os.getpid()}
    more = flat(audit_many(names(many.FEW_FILES), OPTIONS, auditor=auditors.plain))
    assert os.getpid() not in {r.measurements["pid"] for r in more}
    big = tmp_path / "big.npz"
    with big.open("wb") as file:
        file.truncate(many.FEW_BYTES)
    assert flat(audit_many([str(big)], OPTIONS, auditor=auditors.plain))[0].measurements["pid"] != os.getpid()


def test_nothing_to_do() -> None:
    assert list(audit_many([], OPTIONS, workers=2)) == []


def test_a_worker_that_dies_takes_only_its_file_down() -> None:
    paths = names(60)
    paths[7], paths[31], paths[59] = "exit.npz", "kill.npz", "exit2.npz"
    records = flat(audit_many(paths, OPTIONS, workers=2, auditor=auditors.deadly))
    assert [r.path for r in records] == paths
    bad = {r.path: r.error for r in records if r.status is not Status.PASS}
    assert bad.keys() == {"exit.npz", "kill.npz", "exit2.npz"}
    assert bad["exit.npz"] == "the worker process died (exit code 3) while reading this file"
    assert (bad["kill.npz"] or "").startswith("the worker process died (signal 9) while reading this file")


def test_every_file_deadly_ends_all_the_same() -> None:
    paths = [f"exit{i}.npz" for i in range(4)]
    records = flat(audit_many(paths, OPTIONS, workers=2, ordered=False, auditor=auditors.deadly))
    assert sorted(r.path for r in records) == paths
    assert {r.status for r in records} == {Status.ERROR}


def test_a_death_in_company_is_tried_once_more_alone(tmp_path: Path) -> None:
    path = str(tmp_path / "big.npz")
    (record,) = flat(audit_many([path], OPTIONS, workers=1, auditor=auditors.company))
    assert record.status is Status.PASS
    assert Path(path + ".alone").read_text() == "xxx"


def test_an_auditor_that_raises_or_answers_rubbish_costs_one_row() -> None:
    paths = ["a.npz", "raise.npz", "b.npz", "secret.npz", "c.npz"]
    records = flat(audit_many(paths, OPTIONS, workers=1, auditor=auditors.deadly))
    assert [r.path for r in records] == paths
    assert [r.status for r in records].count(Status.ERROR) == 2
    assert records[1].error == "ValueError: an auditor that breaks its promise"


@pytest.mark.parametrize("workers", [0, 2])
def test_cancel_ends_soon_even_while_a_file_is_read(workers: int) -> None:
    cancel = threading.Event()
    paths = [*names(5), *(["stuck.npz"] if workers else []), *names(500)]
    count = 0
    for batch in audit_many(paths, OPTIONS, workers=workers, ordered=False, cancel=cancel, auditor=auditors.stuck):
        count += len(batch)
        cancel.set()
    assert 0 < count < len(paths)


def test_cancelled_before_it_began() -> None:
    cancel = threading.Event()
    cancel.set()
    assert list(audit_many(names(50), OPTIONS, workers=2, cancel=cancel, auditor=auditors.plain)) == []


def test_workers_start_quietly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    (record,) = flat(audit_many(["a.npz"], OPTIONS, workers=1, auditor=auditors.threads))
    assert record.measurements["blas"] == "1"
    assert record.measurements["sigint"] is True
    assert os.environ["OMP_NUM_THREADS"] == "7" and "OPENBLAS_NUM_THREADS" not in os.environ


def test_never_forks() -> None:
    assert context().get_start_method() in ("forkserver", "spawn")


def test_negative_workers() -> None:
    with pytest.raises(UsageError, match="workers: expected 0 or more, got -1"):
        list(audit_many(["a.npz"], OPTIONS, workers=-1))


def test_an_executor_of_somebody_elses_is_used_and_left_open() -> None:
    with ThreadPoolExecutor(2) as executor:
        records = flat(audit_many(names(99), OPTIONS, executor=executor, auditor=auditors.deadly))
        assert [r.path for r in records] == names(99)
        assert executor.submit(int, "7").result() == 7


def test_an_executor_of_somebody_elses_that_breaks_is_an_error() -> None:
    with (
        ProcessPoolExecutor(1, context()) as executor,
        pytest.raises(InspectorError, match="the executor given for the audit stopped working"),
    ):
        flat(audit_many(["a.npz", "exit.npz"], OPTIONS, executor=executor, workers=1, auditor=auditors.deadly))


class Flaky(Executor):
    """Like a cluster: a task whose worker vanished fails, the executor goes on."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        job, paths = args
        if "kill.npz" in paths:
            future.set_exception(ConnectionError("worker gone"))
        else:
            future.set_result(fn(job, paths))
        return future


def test_a_lost_task_on_a_cluster_is_narrowed_down_to_its_file() -> None:
    paths = ["a.npz", "kill.npz", "b.npz"]
    records = flat(audit_many(paths, OPTIONS, executor=Flaky(), workers=1, auditor=auditors.deadly))
    assert [r.path for r in records] == paths
    assert records[1].error == "the worker failed while reading this file: ConnectionError: worker gone"
    assert [r.status for r in records] == [Status.PASS, Status.ERROR, Status.PASS]


@pytest.mark.parametrize("kind", [NotImplementedError, PermissionError])  # no semaphores; an unwritable /dev/shm
def test_a_system_without_pools_still_audits(
    kind: type[Exception], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise kind("no semaphores")

    monkeypatch.setattr("inspector.audit.executors.ProcessPoolExecutor", refuse)
    assert len(flat(audit_many(names(30), OPTIONS, auditor=auditors.plain))) == 30
    assert "auditing in one process" in caplog.text


def test_a_cluster_that_cannot_be_reached_is_an_error_and_not_this_machine() -> None:
    class Unreachable(Executor):
        def submit(self, *args: Any, **kwargs: Any) -> Any:
            raise ConnectionRefusedError("no scheduler")

    with pytest.raises(ConnectionRefusedError):
        flat(audit_many(names(3), OPTIONS, executor=Unreachable(), auditor=auditors.plain))


def test_a_pool_that_breaks_between_batches_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    submit = ProcessPoolExecutor.submit
    calls = []

    def broken_once(self: ProcessPoolExecutor, /, *args: Any, **kwargs: Any) -> Any:
        calls.append(args)
        if len(calls) == 2:
            raise BrokenProcessPool("gone")
        return submit(self, *args, **kwargs)

    monkeypatch.setattr(ProcessPoolExecutor, "submit", broken_once)
    records = flat(audit_many(names(200), OPTIONS, workers=1, auditor=auditors.plain))
    assert [r.path for r in records] == names(200)


def test_workers_end_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    """A pool's own workers would wait for work for ever."""
    code = (
        "import os, signal, sys\n"
        "from inspector.audit.many import audit_many\n"
        "from inspector.audit.options import Options\n"
        "from tests.support import auditors\n"
        "if __name__ == '__main__':\n"
        "    run = audit_many(['a.npz', 'b.npz'] * 50, Options(), workers=1, auditor=auditors.plain)\n"
        "    print(next(run)[0].measurements['pid'], flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    script = tmp_path / "parent.py"
    script.write_text(code)
    root = str(Path(__file__).resolve().parents[2])
    # the pipe's end is held by the workers too: communicate() comes back when the last of them is gone
    done = subprocess.run(
        [sys.executable, str(script)], env={**os.environ, "PYTHONPATH": root}, capture_output=True, timeout=60
    )
    assert done.stdout.strip().isdigit(), done.stderr.decode()
