"""Samples are what torchvision's transforms make of the same pictures, and what NumPy holds."""

import subprocess

import networks
import numpy as np
import PIL.Image
import pytest
import torch
from torch import nn

SIZES = [(640, 480), (31, 97), (224, 224), (500, 333), (7, 5), (1, 300), (257, 255)]


def transforms():
    networks.torchvision()
    import torchvision.transforms.v2 as v2

    return v2


class Same(nn.Module):
    def forward(self, x):
        return x + 1


class Two(nn.Module):
    def forward(self, x, y):
        return x + y


def export(folder, module, *examples):
    path = folder / "model.pt2"
    torch.export.save(torch.export.export(module, examples), path)
    return path


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """A model that takes an input of this shape and dtype."""
    made = {}

    def model(*shape, dtype=torch.float32):
        if (shape, dtype) not in made:
            example = torch.ones(shape, dtype=dtype)
            made[shape, dtype] = export(tmp_path_factory.mktemp("model"), Same(), example)
        return made[shape, dtype]

    return model


@pytest.fixture
def show(checked_program, tmp_path):
    """The samples of tests/samples/show_samples.c, by "INDEX/INPUT", and its lines; or its one line of error."""
    program = checked_program.parent.parent / "tests" / "samples" / "show_samples"

    def run(model, path, *options):
        out = tmp_path / "samples.npz"
        done = subprocess.run([program, model, path, out, *options], capture_output=True, text=True)
        assert done.returncode in (0, 1), done.stderr
        lines = done.stdout.splitlines()
        return (dict(np.load(out)), lines) if done.returncode == 0 else lines[-1]

    return run


def picture(width: int, height: int, seed: int = 0) -> PIL.Image.Image:
    """Smooth shapes and noise, so that filters matter."""
    rng = np.random.default_rng(seed)
    small = rng.integers(0, 256, (max(2, height // 20), max(2, width // 20), 3), dtype=np.uint8)
    smooth = np.asarray(PIL.Image.fromarray(small).resize((width, height), PIL.Image.Resampling.BICUBIC), np.int16)
    return PIL.Image.fromarray(np.clip(smooth + rng.integers(-60, 61, smooth.shape), 0, 255).astype(np.uint8))


@pytest.fixture
def folder(tmp_path):
    """Pictures of all sizes, as PNG and JPEG, in folders."""
    place = tmp_path / "pictures"
    (place / "inner").mkdir(parents=True)
    for i, size in enumerate(SIZES):
        name = f"inner/{i}.JPG" if i % 2 else f"{i}.png"
        picture(*size, i).save(place / name, **({"format": "JPEG", "quality": 92} if i % 2 else {}))
    (place / "labels.txt").write_text("no picture")
    return place


def files(folder):
    found = [path for path in folder.rglob("*") if path.suffix.lower() in (".png", ".jpg")]
    return sorted(found, key=str)


def close(found: np.ndarray, wanted: torch.Tensor, step: float) -> bool:
    """Half a step of 8 bits, since `wanted` is not rounded, and what PyTorch's float32 weights of the filter err."""
    return found.shape == wanted.shape and np.abs(found - wanted.numpy()).max() <= 0.505 * step


def resize(*size):
    """Resize without rounding, and pixels from 0 to 1."""
    filtered = transforms().Resize(size if len(size) == 2 else size[0], antialias=True)
    return lambda pixels: filtered(pixels.float()) / 255


def expect(show, model, folder, transform, options, steps):
    arrays, _ = show(model, folder, *options)
    paths = files(folder)
    assert len(arrays) == len(paths)
    for i, path in enumerate(paths):
        pixels = torch.from_numpy(np.array(PIL.Image.open(path).convert("RGB"))).permute(2, 0, 1)
        assert close(arrays[f"{i}/x"][0], transform(pixels), steps), path


def test_usual_transforms(show, models, folder):
    v2 = transforms()
    mean, std = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
    wanted = v2.Compose([resize(256), v2.CenterCrop(224), v2.Normalize(mean, std)])
    options = ["resize=256", "crop=224", "mean=0.485,0.456,0.406", "std=0.229,0.224,0.225"]
    expect(show, models(1, 3, 224, 224), folder, wanted, options, 1 / 255 / min(std))


@pytest.mark.parametrize("height, width", [(96, 160), (33, 17), (240, 320)])
def test_both_sides(show, models, folder, height, width):
    expect(show, models(1, 3, height, width), folder, resize(height, width), [f"resize={height}", f"width={width}"], 1 / 255)


@pytest.mark.parametrize("side, crop", [(20, 31), (30, 33), (64, 63), (65, 40)])
def test_crops_of_odd_differences(show, models, folder, side, crop):
    """Pictures that are too small get a black edge."""
    v2 = transforms()
    wanted = v2.Compose([resize(side), v2.CenterCrop(crop)])
    expect(show, models(1, 3, crop, crop), folder, wanted, [f"resize={side}"], 1 / 255)


@pytest.mark.parametrize("from_tensor", [False, True], ids=["PIL", "8-bit tensor"])
def test_filters_that_round_twice(show, models, folder, from_tensor):
    """Rows are rounded before columns there: one step more or less."""
    v2 = transforms()
    shrink = v2.Compose([*([v2.PILToTensor()] if from_tensor else []), v2.Resize(64, antialias=True), v2.CenterCrop(56),
                         *([] if from_tensor else [v2.PILToTensor()])])
    arrays, _ = show(models(1, 3, 56, 56), folder, "resize=64", "white=255")
    for i, path in enumerate(files(folder)):
        wanted = shrink(PIL.Image.open(path).convert("RGB")).numpy().astype(np.int16)
        assert np.abs(arrays[f"{i}/x"][0] - wanted).max() <= 1, path


def test_nothing_said_covers_the_input(show, models, folder):
    """Scaled as little as it takes, and cut in the middle: no black edge."""
    arrays, _ = show(models(1, 3, 40, 60), folder, "white=255")
    for i, path in enumerate(files(folder)):
        image = PIL.Image.open(path).convert("RGB")
        scale = max(40 / image.height, 60 / image.width)
        size = (max(60, int(image.width * scale + 1e-9)), max(40, int(image.height * scale + 1e-9)))
        pixels = np.asarray(image.resize(size, PIL.Image.Resampling.BILINEAR), np.int16)
        top, left = round((size[1] - 40) / 2), round((size[0] - 60) / 2)
        wanted = pixels[top : top + 40, left : left + 60].transpose(2, 0, 1)
        assert np.abs(arrays[f"{i}/x"][0] - wanted).max() <= 1, path


def test_raw_pixels_other_orders_and_types(show, models, tmp_path):
    image = picture(12, 10)
    image.save(tmp_path / "a.png")
    pixels = np.asarray(image)
    raw, _ = show(models(1, 3, 10, 12), tmp_path / "a.png", "white=255")
    assert np.array_equal(raw["0/x"][0], pixels.transpose(2, 0, 1))
    bgr, _ = show(models(1, 3, 10, 12), tmp_path / "a.png", "white=255", "bgr", "mean=1,2,3", "std=4")
    wanted = (pixels.transpose(2, 0, 1)[::-1].astype("f4") - np.array([1, 2, 3], "f4").reshape(3, 1, 1)) / np.float32(4)
    assert np.array_equal(bgr["0/x"][0], wanted)
    last, _ = show(models(1, 10, 12, 3), tmp_path / "a.png", "white=255", "channels_last")
    assert np.array_equal(last["0/x"][0], pixels)
    unbatched, _ = show(models(3, 10, 12, dtype=torch.float64), tmp_path / "a.png", "white=255")
    assert unbatched["0/x"].dtype == np.float64 and np.array_equal(unbatched["0/x"], pixels.transpose(2, 0, 1))
    bytes_, _ = show(models(1, 3, 10, 12, dtype=torch.uint8), tmp_path / "a.png", "white=255")
    assert bytes_["0/x"].dtype == np.uint8 and np.array_equal(bytes_["0/x"][0], pixels.transpose(2, 0, 1))
    gray, _ = show(models(1, 1, 10, 12), tmp_path / "a.png", "white=255")
    assert np.array_equal(gray["0/x"][0, 0], np.asarray(image.convert("L")))


def random_palette(image):
    return image.quantize(16)


@pytest.mark.parametrize("change", [
    lambda image: image.convert("L"),
    lambda image: image.convert("RGBA"),
    lambda image: image.convert("LA"),
    lambda image: image.convert("1"),
    random_palette,
], ids=["gray", "alpha", "gray alpha", "black and white", "palette"])
def test_kinds_of_png(show, models, tmp_path, change):
    changed = change(picture(12, 10))
    changed.save(tmp_path / "a.png")
    arrays, _ = show(models(1, 3, 10, 12), tmp_path / "a.png", "white=255")
    assert np.array_equal(arrays["0/x"][0], np.asarray(changed.convert("RGB")).transpose(2, 0, 1))


@pytest.mark.parametrize("mode, options", [
    ("RGB", {"progressive": True}), ("RGB", {"subsampling": 2}), ("RGB", {"subsampling": 0}), ("L", {})],
    ids=["progressive", "420", "444", "gray"])
def test_kinds_of_jpeg(show, models, tmp_path, mode, options):
    picture(48, 40).convert(mode).save(tmp_path / "a.jpg", **options)
    arrays, _ = show(models(1, 3, 40, 48), tmp_path / "a.jpg", "white=255")
    wanted = np.asarray(PIL.Image.open(tmp_path / "a.jpg").convert("RGB"), np.int16).transpose(2, 0, 1)
    assert np.abs(arrays["0/x"][0] - wanted).max() <= 1


def broken_folder(tmp_path):
    place = tmp_path / "broken"
    place.mkdir()
    picture(20, 20).save(place / "b.png")
    picture(200, 200).save(place / "c.jpg")
    picture(20, 20).convert("CMYK").save(place / "e.jpg")
    for name, cut in (("a.png", place / "b.png"), ("d.jpg", place / "c.jpg")):
        (place / name).write_bytes(cut.read_bytes()[: cut.stat().st_size // 2])
    (place / "f.png").write_text("hello")
    (place / "g.jpg").write_bytes(b"")
    return place


def test_broken_pictures_are_skipped(show, models, tmp_path):
    place = broken_folder(tmp_path)
    arrays, lines = show(models(1, 3, 8, 8), place)
    assert sorted(arrays) == ["1/x", "2/x"]
    warned = [line for line in lines if line.startswith("warning")]
    assert [line.split(": ")[0] for line in warned] == [f"warning {place}/{name}" for name in
                                                        ("a.png", "d.jpg", "e.jpg", "f.png", "g.jpg")]
    assert "is neither a JPEG nor a PNG picture" in warned[3]


@pytest.mark.parametrize("name, code", [("a.png", "malformed"), ("d.jpg", "malformed"), ("e.jpg", "unsupported")])
def test_broken_pictures_are_errors_when_strict(show, models, tmp_path, name, code):
    place = broken_folder(tmp_path)
    line = show(models(1, 3, 8, 8), place / name, "strict")
    assert line.startswith(f"{code}: {place}/{name}: ")


def test_some_of_many(show, models, folder):
    _, lines = show(models(1, 3, 8, 8), folder, "max=3")
    paths = [str(path) for path in files(folder)]
    assert lines == [f"sample {path}" for path in (paths[0], paths[2], paths[4])]


@pytest.mark.parametrize("shape, options, wanted", [
    ((1, 2, 8, 8), [], "takes no pictures: the input must be [1,C,H,W] or [C,H,W], C being 1 or 3"),
    ((2, 3, 8, 8), [], "takes no pictures"),
    ((8,), [], "takes no pictures"),
    ((1, 3, 8, 8), ["crop=9"], "pictures cut to 9x9 do not fit the input of 8x8"),
    ((1, 3, 8, 8), ["mean=1,2"], "mean has 2 numbers, the input has 3 channels"),
    ((1, 3, 8, 8), ["std=0"], "std has the number 0"),
    ((1, 3, 8, 8), ["white=2"], "a white pixel is 2"),
    ((1, 3, 8, 8), ["width=8"], "a width to resize to, without a height"),
], ids=range(8))
def test_refused_options(show, models, folder, shape, options, wanted):
    line = show(models(*shape), folder, *options)
    assert line.startswith("invalid: ") and wanted in line


def test_integer_inputs(show, models, folder):
    assert "is uint8: it takes pixels from 0 to 255" in show(models(1, 3, 8, 8, dtype=torch.uint8), folder)
    assert "is int64, not of floats" in show(models(1, 3, 8, 8, dtype=torch.int64), folder)


def test_empty_and_missing_folders(show, models, tmp_path):
    (tmp_path / "empty").mkdir()
    assert "has no pictures" in show(models(1, 3, 8, 8), tmp_path / "empty")
    assert show(models(1, 3, 8, 8), tmp_path / "missing").startswith("i/o: ")
    (tmp_path / "empty" / "again").symlink_to(tmp_path / "empty")
    assert "more than 32 folders inside of each other" in show(models(1, 3, 8, 8), tmp_path / "empty")


# ---- arrays ----


@pytest.mark.parametrize("stacked", [False, True])
@pytest.mark.parametrize("dtype", ["<f4", "<f8", "<f2", ">f4"])
def test_one_array(show, models, tmp_path, stacked, dtype):
    array = np.random.default_rng(1).normal(size=(5, 2, 3, 4) if stacked else (10, 3, 4)).astype(dtype)
    np.save(tmp_path / "a.npy", np.asfortranarray(array))
    arrays, _ = show(models(2, 3, 4), tmp_path / "a.npy")
    assert len(arrays) == 5
    for i in range(5):
        wanted = array[i] if stacked else array[2 * i : 2 * i + 2]
        assert arrays[f"{i}/x"].dtype == np.float32 and np.array_equal(arrays[f"{i}/x"], wanted.astype(np.float32))


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    return export(tmp_path_factory.mktemp("two"), Two(), torch.ones(1, 4), torch.ones(3, dtype=torch.int64).reshape(3, 1))


def two_arrays():
    rng = np.random.default_rng(2)
    return rng.normal(size=(6, 4)).astype("f4"), rng.integers(-9, 9, (18, 1)).astype("i4")


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize("named", [True, False])
def test_several_inputs(show, two, tmp_path, save, named):
    x, y = two_arrays()
    if named:
        save(tmp_path / "a.npz", y=y, x=x, other=np.zeros(3))
    else:
        save(tmp_path / "a.npz", x, y)
    arrays, lines = show(two, tmp_path / "a.npz", "max=3")
    assert lines == [f"sample {tmp_path / 'a.npz'}"] * 3
    for i, k in enumerate((0, 2, 4)):
        assert np.array_equal(arrays[f"{i}/x"], x[k : k + 1])
        assert arrays[f"{i}/y"].dtype == np.int64 and np.array_equal(arrays[f"{i}/y"], y[3 * k : 3 * k + 3])


def test_arrays_that_do_not_fit(show, two, models, tmp_path):
    x, y = two_arrays()

    def refused(model=two, **arrays):
        np.savez(tmp_path / "a.npz", **arrays)
        return show(model, tmp_path / "a.npz")

    assert 'has no array for the input "y"; it has 1, the first "x"' in refused(x=x)
    assert "y: has 5 samples, x has 6" in refused(x=x, y=y[:15])
    assert "x: samples are float32[6,3] side by side, the model's input is float32[1,4]" in refused(x=x[:, :3], y=y)
    assert "y: samples are int32[17,1] side by side" in refused(x=x, y=y[:17])
    assert "y: samples are float64[18,1] side by side, the model's input is int64[3,1]" in refused(x=x, y=y.astype("f8"))
    assert "there are no samples" in refused(x=x[:0], y=y[:0])
    assert "there are no samples" in refused(models(2, 3), nothing=np.zeros((0, 3), "f4"))
    np.save(tmp_path / "a.npy", x)
    assert "is one array, the model has 2 inputs" in show(two, tmp_path / "a.npy")
    picture(8, 8).save(tmp_path / "a.png")
    assert "pictures are one input, the model has 2" in show(two, tmp_path / "a.png")
