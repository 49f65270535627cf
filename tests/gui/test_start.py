from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.gui.support import clean
from tests.house.fresh import run

LATER = {
    *("pyqtgraph", "av", "sqlite3", "multiprocessing", "numpy.ma", "deflate", "zlib_ng"),
    *("inspector.audit.one", "inspector.audit.many", "inspector.audit.across", "inspector.archive"),
    *("inspector.profiles.loading", "inspector.profiles.skeletons", "inspector.reports", "inspector.render"),
    *("inspector.gui.workspace", "inspector.gui.panes.file_list"),
}
_PROBE = """
import json, sys
from PySide6.QtCore import QTimer
from inspector.gui import app
class Window(app.MainWindow):
    def show(self):
        super().show()
        print(json.dumps(sorted(sys.modules)))
        QTimer.singleShot(0, self.close)
app.MainWindow = Window
sys.exit(app.run(sys.argv[1:]))
"""


@pytest.mark.parametrize("given", ["nothing", "a file", "a folder"])
def test_the_window_is_shown_before_anything_is_loaded_that_it_does_not_need(given: str, tmp_path: Path) -> None:
    clip = clean(tmp_path / "a.npz")
    paths = {"nothing": [], "a file": [str(clip)], "a folder": [str(tmp_path)]}[given]
    home = {"NPZ_INSPECTOR_CONFIG": str(tmp_path / "config"), "QT_QPA_PLATFORM": "offscreen"}
    done = run(["-c", _PROBE, *paths], extra=home)
    loaded = json.loads(done.stdout.splitlines()[0])
    assert "inspector.gui.main_window" in loaded
    assert sorted(LATER & {*loaded}) == []
