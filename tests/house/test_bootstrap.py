"""The script that everybody runs first: what it finds missing, when it works, and when it leaves things alone."""

from __future__ import annotations

import importlib.util
import json
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest

from tests.conftest import ROOT

Calls = list[list[str]]


@pytest.fixture
def bootstrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, at work on an empty checkout."""
    spec = importlib.util.spec_from_file_location("bootstrap_under_test", ROOT / "packaging" / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)  # where its dataclasses look for it
    spec.loader.exec_module(module)
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    return module


@pytest.fixture
def ran(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Calls:
    """What was run quietly, on a system that lacks nothing. pip is only pretended."""
    calls: Calls = []

    def quietly(command: Sequence[str], *, tries: int = 1) -> bool:
        calls.append(list(command))
        if "venv" in command:
            subprocess.run([sys.executable, "-m", "venv", "--without-pip", command[-1]], check=True)
            (packages,) = Path(command[-1]).glob("[lL]ib/**/site-packages")
            (packages / "pip.py").touch()
        elif "--editable" in command:
            bootstrap.venv_program("npz-inspector").touch()
        return True

    monkeypatch.setattr(bootstrap, "quietly", quietly)
    monkeypatch.setattr(bootstrap, "missing", lambda command, fresh: [])
    return calls


def bare_linux(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, *programs: str) -> None:
    """A Linux with these programs, without libraries, fonts and ensurepip."""
    monkeypatch.setattr(bootstrap.sys, "platform", "linux")
    monkeypatch.setattr(bootstrap, "missing_libraries", list)
    monkeypatch.setattr(bootstrap, "has_font", lambda: False)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: name if name in programs else None)
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda name: None)


def test_missing_libraries_are_told_from_those_that_load(bootstrap: ModuleType) -> None:
    assert bootstrap.missing_libraries(["libnosuchthing.so.7"]) == ["libnosuchthing.so.7"]
    if sys.platform == "linux":
        assert bootstrap.missing_libraries(["libc.so.6"]) == []


@pytest.mark.parametrize("command", ["demo", "run", "test"])
def test_a_bare_linux_lacks_everything(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    bare_linux(bootstrap, monkeypatch, "xdotool")
    packages = [need.package for need in bootstrap.missing(command, fresh=True)]
    assert packages[0] == f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    assert {"libgl1", "libegl1", "libxcb-cursor0", "fonts-dejavu-core"} <= set(packages)
    assert {"xvfb", "xdotool", "imagemagick"} & set(packages) == (
        {"xvfb", "imagemagick"} if command == "test" else set()
    )


def test_an_environment_that_stands_needs_no_ensurepip(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    bare_linux(bootstrap, monkeypatch)
    assert not any("venv" in need.package for need in bootstrap.missing("run", fresh=False))


def test_other_systems_lack_nothing(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    bare_linux(bootstrap, monkeypatch)
    monkeypatch.setattr(bootstrap.sys, "platform", "darwin")
    assert bootstrap.missing("test", fresh=True) == []


@pytest.mark.parametrize(("programs", "start"), [((), "su -c '"), (("sudo",), "sudo sh -c '")])
def test_the_line_to_run_is_one_line(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, programs: tuple[str, ...], start: str
) -> None:
    bare_linux(bootstrap, monkeypatch, *programs)
    needs = [bootstrap.Need("a", "liba"), bootstrap.Need("b", "libb"), bootstrap.Need("c", "liba")]
    line = bootstrap.line_to_run(needs)
    assert line == f"{start}apt-get update && apt-get install -y --no-install-recommends liba libb'"


def test_without_rights_the_line_is_printed_and_nothing_is_run(
    bootstrap: ModuleType, ran: Calls, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: name)
    monkeypatch.setattr(bootstrap, "root_prefix", lambda: None)
    bootstrap.install_system([bootstrap.Need("libEGL.so.1", "libegl1")])
    assert ran == []
    assert "install -y --no-install-recommends libegl1" in capsys.readouterr().err


def test_without_apt_the_libraries_are_named(
    bootstrap: ModuleType, ran: Calls, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bare_linux(bootstrap, monkeypatch)
    bootstrap.install_system([bootstrap.Need("libEGL.so.1", "libegl1")])
    assert ran == []
    said = capsys.readouterr().err
    assert "libEGL.so.1" in said
    assert "no apt-get" in said


def test_with_rights_the_list_is_refreshed_first(
    bootstrap: ModuleType, ran: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: name)
    monkeypatch.setattr(bootstrap, "root_prefix", lambda: ["sudo", "-n"])
    bootstrap.install_system([bootstrap.Need("libEGL.so.1", "libegl1")])
    update, install = ran
    assert update == ["sudo", "-n", "apt-get", "update"]
    assert install[:4] == ["sudo", "-n", "apt-get", "install"]
    assert install[-1] == "libegl1"


def test_a_finished_environment_is_left_alone(bootstrap: ModuleType, ran: Calls) -> None:
    bootstrap.prepare("demo")
    assert [call[2] for call in ran] == ["venv", "pip", "pip"]
    assert "--group" not in ran[-1]
    ran.clear()
    bootstrap.prepare("run")
    assert ran == []


def test_the_tools_are_added_once(bootstrap: ModuleType, ran: Calls) -> None:
    bootstrap.prepare("demo")
    ran.clear()
    bootstrap.prepare("test")
    assert [call[2] for call in ran] == ["pip", "pip"]
    assert ran[-1][-2:] == ["--group", "dev"]
    ran.clear()
    bootstrap.prepare("demo")
    bootstrap.prepare("test")
    assert ran == []


def test_a_changed_pyproject_is_installed_again(bootstrap: ModuleType, ran: Calls) -> None:
    bootstrap.prepare("demo")
    ran.clear()
    (bootstrap.ROOT / "pyproject.toml").write_text('[project]\nname = "other"\n')
    bootstrap.prepare("demo")
    assert [call[2] for call in ran] == ["pip", "pip"]


def break_python(bootstrap: ModuleType) -> None:
    bootstrap.venv_program("python").unlink()


def break_pip(bootstrap: ModuleType) -> None:
    next(bootstrap.VENV.glob("[lL]ib/**/pip.py")).unlink()


def move(bootstrap: ModuleType) -> None:
    stamp = bootstrap.VENV / "bootstrap.json"
    stamp.write_text(json.dumps({**json.loads(stamp.read_text()), "root": "/where/it/was"}))


@pytest.mark.parametrize("harm", [break_python, break_pip, move])
def test_a_broken_environment_is_made_anew(bootstrap: ModuleType, ran: Calls, harm: object) -> None:
    bootstrap.prepare("demo")
    ran.clear()
    (bootstrap.VENV / "old").touch()
    assert callable(harm)
    harm(bootstrap)
    bootstrap.prepare("demo")
    assert [call[2] for call in ran] == ["venv", "pip", "pip"]
    assert not (bootstrap.VENV / "old").exists()


def test_a_failed_install_is_done_again(bootstrap: ModuleType, ran: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    fine = bootstrap.quietly
    monkeypatch.setattr(bootstrap, "quietly", lambda command, tries=1: fine(command) and "--editable" not in command)
    with pytest.raises(bootstrap.BootstrapError, match="cannot install npz-inspector"):
        bootstrap.prepare("demo")
    monkeypatch.setattr(bootstrap, "quietly", fine)
    ran.clear()
    bootstrap.prepare("demo")
    assert [call[2] for call in ran] == ["pip", "pip"]


def test_without_ensurepip_and_pip_it_says_why_it_stops(
    bootstrap: ModuleType, ran: Calls, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    needs = [bootstrap.Need("the Python module ensurepip", "python3-venv")]
    monkeypatch.setattr(bootstrap, "missing", lambda command, fresh: needs)
    monkeypatch.setattr(bootstrap, "root_prefix", lambda: None)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: name)
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda name: None)
    assert bootstrap.main(["demo"]) == 1
    said = capsys.readouterr().err
    assert "install -y --no-install-recommends python3-venv" in said
    assert "cannot go on: cannot make" in said
    assert ran == []


def test_what_fails_twice_is_shown_and_logged(bootstrap: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    bootstrap.VENV.mkdir()
    assert not bootstrap.quietly([sys.executable, "-c", "print('woe'); raise SystemExit(3)"], tries=2)
    assert (bootstrap.VENV / "bootstrap.log").read_text().count("\nwoe") == 2
    said = capsys.readouterr().err
    assert said.count("\nwoe") == 1
    assert "exit code 3" in said


def test_what_succeeds_is_silent(bootstrap: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    bootstrap.VENV.mkdir()
    assert bootstrap.quietly([sys.executable, "-c", "print('fine')"])
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(("command", "asks"), [("run", False), ("demo", True)])
def test_what_runs_is_not_held_up(
    bootstrap: ModuleType, ran: Calls, monkeypatch: pytest.MonkeyPatch, command: str, asks: bool
) -> None:
    bootstrap.prepare("demo")
    needs = [bootstrap.Need("libEGL.so.1", "libegl1")]
    monkeypatch.setattr(bootstrap, "missing", lambda command, fresh: needs)
    monkeypatch.setattr(bootstrap, "install_system", lambda needs: None)
    assert bootstrap.prepare(command) == (needs if asks else [])


def test_results_have_stdout_to_themselves(
    bootstrap: ModuleType, ran: Calls, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(bootstrap.COMMANDS, "run", lambda arguments: bootstrap.call([sys.executable, "-c", "print(7)"]))
    assert bootstrap.main(["run"]) == 0
    out, err = capfd.readouterr()
    assert out == "7\n"
    assert "bootstrap: making" in err


@pytest.mark.parametrize("failing", ["ruff", "mypy", "pytest", None])
def test_every_check_runs_and_one_failure_fails(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, failing: str | None
) -> None:
    called: Calls = []

    def call(command: Sequence[str | Path], cwd: Path | None = None) -> int:
        called.append([Path(command[0]).stem, *map(str, command[1:])])
        return int(called[-1][0] == failing)

    monkeypatch.setattr(bootstrap, "call", call)
    assert bootstrap.test(["-x"]) == (0 if failing is None else 1)
    assert called == [["ruff", "check"], ["ruff", "format", "--check"], ["mypy"], ["pytest", "-x"]]


def test_the_childs_exit_code_is_passed_on(bootstrap: ModuleType) -> None:
    assert bootstrap.call([sys.executable, "-c", "raise SystemExit(7)"]) == 7


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_stop_is_passed_on() -> None:
    child = "import os, signal; os.kill(os.getppid(), signal.SIGTERM); signal.pause()"
    loading = f"import runpy; call = runpy.run_path({str(ROOT / 'packaging' / 'bootstrap.py')!r})['call']"
    calling = f"import sys; sys.exit(call([sys.executable, '-c', {child!r}]) + 100)"
    done = subprocess.run([sys.executable, "-c", f"{loading}\n{calling}"], check=False, timeout=60)
    assert done.returncode == 100 - signal.SIGTERM


@pytest.mark.parametrize("arguments", [[], ["deploy"], ["--help"]])
def test_usage(bootstrap: ModuleType, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert bootstrap.main(arguments) == (0 if arguments == ["--help"] else 2)
    assert "bootstrap.py demo" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "passed"),
    [
        ([], ["HOME"]),
        (["--clips", "3"], ["HOME", "--clips", "3"]),
        (["here", "--clips", "3"], ["here", "--clips", "3"]),
    ],
)
def test_demo_has_a_folder(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, arguments: list[str], passed: list[str]
) -> None:
    called: list[Sequence[object]] = []
    monkeypatch.setattr(bootstrap, "call", called.append)
    monkeypatch.setattr(bootstrap, "demo_folder", lambda: "HOME")
    bootstrap.demo(arguments)
    assert called == [[bootstrap.venv_program("npz-inspector"), "demo", *passed]]


def test_sample_data_stays_out_of_the_checkout(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    folder = bootstrap.demo_folder()
    assert folder.is_dir()
    if sys.platform == "linux":
        assert folder == tmp_path / "home" / ".local" / "share" / "npz-inspector" / "demo"


def test_without_a_home_sample_data_goes_to_a_temporary_folder(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    for name in ("XDG_DATA_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "file"))
    monkeypatch.setattr(bootstrap.tempfile, "mkdtemp", lambda prefix: str(tmp_path / prefix))
    assert bootstrap.demo_folder() == tmp_path / "npz-inspector-demo-"
