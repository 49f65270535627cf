from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray

from inspector.gui.settings import LISTS, RECENT, Settings
from inspector.gui.view import Display


def test_what_is_saved_is_there_next_time(isolated_settings: Path) -> None:
    first = Settings()
    first.set_display(Display(bones=False, trails=True))
    first.set_layout("window", QByteArray(b"\x00\xffgeometry"))
    first.set_text("theme", "dark")
    first.set_flag("show_list", False)
    first.save()
    again = Settings()
    assert (isolated_settings / "window.ini").exists()
    assert again.display == Display(bones=False, trails=True)
    assert again.layout("window") == QByteArray(b"\x00\xffgeometry")
    assert again.theme == "dark"
    assert not again.flag("show_list", True)


def test_recent_paths_are_few_and_newest_first() -> None:
    settings = Settings()
    for k in range(RECENT + 3):
        settings.add_recent(f"/a, b/{k}.npz")
    settings.add_recent("/a, b/5.npz")
    settings.save()
    recent = Settings().recent
    assert len(recent) == RECENT
    assert recent[:2] == ["/a, b/5.npz", f"/a, b/{RECENT + 2}.npz"]
    settings.clear_recent()
    assert settings.recent == []


def test_one_recent_path_is_still_a_list() -> None:
    Settings().add_recent("/only.npz")
    assert Settings().recent == ["/only.npz"]


@pytest.mark.parametrize(
    "text",
    ["", "\x00\x01garbage", "[window]\ntheme=purple\nshow_list=maybe\n[layout]\nwindow=7\n[General]\nrecent=@Bad("],
)
def test_a_spoiled_file_is_as_good_as_none(isolated_settings: Path, text: str) -> None:
    (isolated_settings / "window.ini").write_text(text)
    settings = Settings()
    assert settings.theme == "system"
    assert settings.flag("show_list", True)
    assert settings.layout("window") is None
    assert settings.display == Display()
    assert all(isinstance(path, str) for path in settings.recent)


def test_lists_are_remembered_for_each_folder() -> None:
    settings = Settings()
    assert settings.lists("/a") == ("", ())
    settings.set_lists("/a", "/labels.csv", ())
    settings.set_lists("/b\udcff", "", ("/train.txt", "/test.txt"))
    settings.save()
    again = Settings()
    assert again.lists("/a") == ("/labels.csv", ())
    assert again.lists("/b\udcff") == ("", ("/train.txt", "/test.txt"))
    again.set_lists("/a", "", ())
    assert again.lists("/a") == ("", ())


def test_lists_of_many_folders_are_forgotten_the_first_first() -> None:
    settings = Settings()
    for number in range(LISTS + 1):
        settings.set_lists(f"/{number}", "labels.csv", ())
    assert settings.lists("/0") == ("", ())
    assert settings.lists("/1") == ("labels.csv", ())


@pytest.mark.parametrize("text", ["[1", "[1]", '{"/a": 3}', '{"/a": [1]}'])
def test_spoiled_lists_are_as_good_as_none(text: str) -> None:
    settings = Settings()
    settings.set_text("lists", text)
    assert settings.lists("/a") == ("", ())
