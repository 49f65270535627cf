"""Make the README's pictures again: `python packaging/screenshots.py`, from the project's own environment.

The window is drawn without a screen, with the demo's files in it, so that anybody gets the same pictures.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CLIP = "clip_07_book.npz"  # a hand that jumps away: its finding is plain to see on the timeline
VIDEOS = "trajectories_faulty.npz"
PICTURES = (("window-light", "light", CLIP), ("window-dark", "dark", CLIP), ("videos-light", "light", VIDEOS))

DRAW = """
import sys
from pathlib import Path
from inspector.demo import make_demo
from inspector.gui.app import screenshot
folder, out, dark = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] == "dark"
make_demo(folder)
screenshot([str(folder)], out, dark=dark, inspect=sys.argv[4])
"""


def main() -> int:
    """Draw the window with a clip, in light and dark, and with a data set; 0 when all pictures were written."""
    pictures = ROOT / "resources" / "screenshots"
    pictures.mkdir(exist_ok=True)
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    for name, look, file in PICTURES:
        with tempfile.TemporaryDirectory() as folder:
            environment["NPZ_INSPECTOR_CONFIG"] = str(Path(folder) / "settings")  # not this user's
            out = pictures / f"{name}.png"
            command = [sys.executable, "-c", DRAW, "demo", str(out), look, file]
            if subprocess.run(command, cwd=folder, env=environment, check=False).returncode:
                return 1
            print(out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
