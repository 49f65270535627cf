"""Defects that a renderer or a camera makes: the pictures of chosen samples are drawn anew."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from inspector.demo.motion import Floats
from inspector.demo.video_damage import Pool, VideoDamage, VideoFault
from inspector.demo.video_facts import at_edge, copies_of, still_samples
from inspector.demo.videos import Camera, VideoSet, draw


def _redrawn(videos: VideoSet, chosen: list[int], centres: Floats, pool: Pool) -> VideoSet:
    """The set with these samples drawn anew, the dot at `centres` (K, T, 2)."""
    shown, where = videos.arrays["videos"].copy(), videos.centres.copy()
    shown[chosen], where[chosen] = draw(videos.style, centres, pool.rng), centres
    return VideoSet(videos.arrays | {"videos": shown}, videos.style, videos.camera, where)


def frozen(videos: VideoSet, pool: Pool) -> VideoDamage:
    """The renderer froze: the first frame all along."""
    chosen = pool.some()
    shown, centres = videos.arrays["videos"].copy(), videos.centres.copy()
    shown[chosen], centres[chosen] = shown[chosen][:, :1], centres[chosen][:, :1]
    note = f"the first frame is repeated {videos.style.frames} times while the trajectory goes on"
    damaged = VideoSet(videos.arrays | {"videos": shown}, videos.style, videos.camera, centres)
    also = ("VIDEO_TRAJECTORY_DISAGREE", "LOW_TEMPORAL_VARIATION")
    return VideoDamage(damaged, (VideoFault("STATIC_VIDEO", tuple(chosen), note),), also)


def _clamped(videos: VideoSet, centres: Floats) -> Floats:
    return np.clip(centres, 0, [videos.style.width - 1, videos.style.height - 1])


_BESIDE_THE_BORDER = ("VIDEO_TRAJECTORY_DISAGREE", "LOW_TEMPORAL_VARIATION", "BLANK_FRAMES")


def _bordered(videos: VideoSet, chosen: list[int], note: str) -> VideoDamage:
    """Which of the chosen samples are at the border, and which stand still or became alike by that."""
    shown = videos.arrays["videos"][chosen]

    def fault(code: str, places: Iterable[int], note: str) -> VideoFault:
        return VideoFault(code, tuple(sorted(chosen[place] for place in places)), note)

    outside = at_edge(videos.centres[chosen], videos.style).mean(axis=1) >= 0.5
    faults = [fault("OBJECT_AT_BORDER", np.flatnonzero(outside).tolist(), note)]
    if still := still_samples(shown):
        faults.append(fault("STATIC_VIDEO", still, "the dot is kept in one place at the border all the time"))
    if alike := [place for group in copies_of(shown) for place in group]:
        faults.append(fault("DUPLICATE_SAMPLES", alike, "the dot is kept in the same places at the border"))
    return VideoDamage(videos, tuple(faults), _BESIDE_THE_BORDER)


def left_picture(videos: VideoSet, pool: Pool) -> VideoDamage:
    """The dot leaves the picture and is kept at its border, along which it moves."""
    middle = np.array([videos.style.width - 1, videos.style.height - 1]) / 2
    moved, reached = videos.centres.copy(), dict[int, float]()
    for sample in pool.samples:
        for scale in 1.5 * 1.25 ** np.arange(12):
            there = _clamped(videos, middle + scale * (videos.centres[sample] - middle))
            # Still moving along the border: a dot that rests in a corner is another defect.
            if at_edge(there, videos.style).mean() >= 0.6 and np.ptp(there, axis=0).max() > 4:
                moved[sample], reached[sample] = there, float(scale)
                break
    if not reached:
        raise ValueError("no sample can leave the picture and still move along its border")
    easiest = sorted(reached, key=lambda sample: reached[sample])[: max(pool.count, len(reached) // 2)]
    chosen = sorted(int(i) for i in pool.rng.choice(easiest, min(pool.count, len(easiest)), replace=False))
    note = "the camera is too close: the dot leaves the picture and is kept at its border"
    return _bordered(_redrawn(videos, chosen, moved[chosen], pool), chosen, note)


def in_corner(videos: VideoSet, pool: Pool) -> VideoDamage:
    """The dot rests in one of two corners."""
    chosen = pool.some()
    far = 9.0 * max(videos.style.width, videos.style.height)
    ways = np.array([[-far, -far], [far, -far], [far, far], [-far, far]])
    # Two corners, so that there are samples that look alike and others that do not.
    corners = pool.rng.permutation(4)[:2]
    where = ways[corners[np.arange(len(chosen)) % 2]]
    centres = _clamped(videos, videos.centres[chosen] + where[:, None])
    note = "the dot is far outside, and is kept in a corner"
    return _bordered(_redrawn(videos, chosen, centres, pool), chosen, note)


def camera_too_close(videos: VideoSet, pool: Pool) -> VideoDamage:
    """Another camera for the whole set, too close for nearly all paths."""
    camera = videos.camera
    close = Camera(12 * camera.scale, camera.centre, camera.z, camera.perspective)
    centres = _clamped(videos, close.project(videos.arrays["trajectory_3d"]))
    shown = draw(videos.style, centres, pool.rng)
    damaged = VideoSet(videos.arrays | {"videos": shown}, videos.style, close, centres)
    note = "the camera is too close: most dots leave the picture and are kept at its border"
    return _bordered(damaged, list(range(len(videos))), note)


def blank_frames(videos: VideoSet, pool: Pool) -> VideoDamage:
    """A quarter of the frames without a dot."""
    chosen = pool.some()
    centres, T = videos.centres[chosen], videos.style.frames
    for sample in centres:
        sample[pool.rng.choice(T, max(1, T // 4), replace=False)] = np.nan
    gone = np.isnan(centres[..., 0])
    shown, where = videos.arrays["videos"].copy(), videos.centres.copy()
    for sample, lost in zip(chosen, gone, strict=True):
        shown[sample, lost] = draw(videos.style, np.full((1, int(lost.sum()), 2), np.nan), pool.rng)[0]
    where[chosen] = centres
    note = f"the dot is missing in {max(1, T // 4)} frames"
    damaged = VideoSet(videos.arrays | {"videos": shown}, videos.style, videos.camera, where)
    return VideoDamage(damaged, (VideoFault("BLANK_FRAMES", tuple(chosen), note),))


def blank(videos: VideoSet, pool: Pool) -> VideoDamage:
    """No dot at all."""
    chosen = pool.some()
    damaged = _redrawn(videos, chosen, np.full_like(videos.centres[chosen], np.nan), pool)
    fault = VideoFault("BLANK_FRAMES", tuple(chosen), "no frame holds anything but background")
    also = ("STATIC_VIDEO", "DUPLICATE_SAMPLES", "VIDEO_TRAJECTORY_DISAGREE", "LOW_TEMPORAL_VARIATION")
    return VideoDamage(damaged, (fault,), also)


def hardly_moving(videos: VideoSet, pool: Pool) -> VideoDamage:
    """The way is shrunk to less than a pixel."""
    chosen = pool.some()
    centres = videos.centres[chosen]
    middle = centres.mean(axis=1, keepdims=True)
    spans = np.linalg.norm(np.ptp(centres, axis=1), axis=1)[:, None, None]
    small = middle + (centres - middle) * (0.008 * videos.style.diagonal / spans)
    fault = VideoFault("LOW_TEMPORAL_VARIATION", tuple(chosen), "the dot moves less than a pixel")
    return VideoDamage(_redrawn(videos, chosen, small, pool), (fault,), ("VIDEO_TRAJECTORY_DISAGREE",))


def noise_only(videos: VideoSet, pool: Pool) -> VideoDamage:
    """Every value is random."""
    chosen = pool.some()
    shown, centres = videos.arrays["videos"].copy(), videos.centres.copy()
    noise = pool.rng.random(shown[chosen].shape, dtype=np.float32)
    shown[chosen] = noise if videos.style.dtype == "float32" else np.rint(noise * 255)
    centres[chosen] = np.nan
    damaged = VideoSet(videos.arrays | {"videos": shown}, videos.style, videos.camera, centres)
    fault = VideoFault("BLANK_FRAMES", tuple(chosen), "they show nothing but noise")
    return VideoDamage(damaged, (fault,), ("VIDEO_TRAJECTORY_DISAGREE", "OBJECT_AT_BORDER"))
