"""Crops of photographs that Debian's packages ship, for calibrating and measuring on real material.

The packages are lomiri-wallpapers-16.04, mate-backgrounds and plasma-workspace-wallpapers. Crops for calibration and for measuring come
from different photographs, at seeded places and sizes, so that every machine gets the same ones.
"""

import random
from pathlib import Path

import numpy as np

BACKGROUNDS, WALLPAPERS = Path("/usr/share/backgrounds"), Path("/usr/share/wallpapers")
LARGEST_SIDE = 1600


def paths() -> list[Path]:
    """The photographs, by name. Raises FileNotFoundError when the packages are not installed."""
    found = [*BACKGROUNDS.glob("*_by_*.jpg"), *BACKGROUNDS.glob("mate/nature/*.jpg")]
    found += [path for path in WALLPAPERS.glob("*/contents/images/2560x1600.jpg") if not path.is_symlink()]
    if len(found) < 30:
        raise FileNotFoundError("photographs: apt-get install lomiri-wallpapers-16.04 mate-backgrounds "
                                "plasma-workspace-wallpapers")
    return sorted(found)


def _opened(path: Path):
    from PIL import Image

    image = Image.open(path).convert("RGB")
    image.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    return image


def crops(count: int, size: int, part: str) -> np.ndarray:
    """uint8 [count, size, size, 3]; `part` is "calibration" or "test"."""
    chance = random.Random(f"{part} {count}")
    pictures = [_opened(path) for path in paths()[part == "test" :: 2]]
    result = np.empty((count, size, size, 3), np.uint8)
    for i in range(count):
        picture = pictures[i % len(pictures)]
        side = chance.randint(min(picture.size) // 3, min(picture.size))
        left, top = chance.randint(0, picture.width - side), chance.randint(0, picture.height - side)
        box = (left, top, left + side, top + side)
        result[i] = np.asarray(picture.resize((size, size), 2, box))
    return result
