"""Demo data: animated signers as keypoint clips and videos of moving dots, with a known list of planted defects."""

from inspector.demo.maker import make_demo
from inspector.demo.manifest import DemoManifest, Planted

__all__ = ["DemoManifest", "Planted", "make_demo"]
