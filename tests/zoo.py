"""More networks than tests/networks.py has: several inputs, dicts of outputs, three dimensions, attention, decoding in the
graph. Each is made by name, the same at every call."""

from dataclasses import dataclass
from functools import partial

import networks
import torch
import torch.nn.functional as f
from torch import Tensor, nn

IMAGE = (1, 3, 224, 224)


class DoubleConv(nn.Sequential):
    def __init__(self, n_in: int, n_out: int):
        super().__init__(nn.Conv2d(n_in, n_out, 3, padding=1, bias=False), nn.BatchNorm2d(n_out), nn.ReLU(),
                         nn.Conv2d(n_out, n_out, 3, padding=1, bias=False), nn.BatchNorm2d(n_out), nn.ReLU())


class UNet(nn.Module):
    """Skip connections over pools and transposed convolutions."""

    def __init__(self, widths: tuple[int, ...] = (16, 32, 64)):
        super().__init__()
        self.down = nn.ModuleList([DoubleConv(a, b) for a, b in zip((3, *widths), widths)])
        steps = list(zip(widths, widths[1:]))[::-1]
        self.lift = nn.ModuleList([nn.ConvTranspose2d(b, a, 2, 2) for a, b in steps])
        self.up = nn.ModuleList([DoubleConv(2 * a, a) for a, _ in steps])
        self.head = nn.Conv2d(widths[0], 2, 1)

    def forward(self, x: Tensor) -> Tensor:
        kept: list[Tensor] = []
        for i, block in enumerate(self.down):
            x = block(f.max_pool2d(x, 2) if i > 0 else x)
            kept.append(x)
        skips = kept[:-1]
        for lift, block in zip(self.lift, self.up):
            x = block(torch.cat([lift(x), skips.pop()], 1))
        return torch.softmax(self.head(x), 1)


class TemporalBlock(nn.Module):
    def __init__(self, n_in: int, n_out: int, dilation: int):
        super().__init__()
        self.pad = 2 * dilation
        self.conv = nn.Conv1d(n_in, n_out, 3, dilation=dilation)
        self.norm = nn.BatchNorm1d(n_out)
        self.short = nn.Conv1d(n_in, n_out, 1) if n_in != n_out else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        return self.short(x) + f.relu(self.norm(self.conv(f.pad(x, [self.pad, 0]))))


class TCN(nn.Module):
    """Causal convolutions over time."""

    def __init__(self):
        super().__init__()
        self.blocks = nn.Sequential(*[TemporalBlock(8 if i == 0 else 32, 32, 2**i) for i in range(4)])
        self.head = nn.Linear(32, 10)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.blocks(x)[:, :, -1])


class YoloHead(nn.Module):
    """A backbone of SiLU blocks, pyramid pooling, and boxes decoded on a grid."""

    def __init__(self, n_classes: int = 5):
        super().__init__()
        self.n_out = n_classes + 5
        self.stem = nn.Sequential(nn.Conv2d(3, 16, 6, 2, 2, bias=False), nn.BatchNorm2d(16), nn.SiLU(),
                                  nn.Conv2d(16, 32, 3, 2, 1, bias=False), nn.BatchNorm2d(32), nn.SiLU())
        self.mix = nn.Conv2d(128, 32, 1)
        self.head = nn.Conv2d(32, 3 * self.n_out, 1)
        self.register_buffer("anchors", torch.tensor([[10.0, 13.0], [16.0, 30.0], [33.0, 23.0]]).view(1, 3, 1, 1, 2))

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        pools = [x]
        for _ in range(3):
            pools.append(f.max_pool2d(pools[-1], 5, 1, 2))
        y = self.head(self.mix(torch.cat(pools, 1)))
        n, _, height, width = y.shape
        y = y.view(n, 3, self.n_out, height, width).permute(0, 1, 3, 4, 2).contiguous().sigmoid()
        rows, columns = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
        grid = torch.stack([columns, rows], 2).view(1, 1, height, width, 2).to(y.dtype)
        centre = (y[..., 0:2] * 2 - 0.5 + grid) * 4
        size = (y[..., 2:4] * 2) ** 2 * self.anchors
        return torch.cat([centre, size, y[..., 4:]], -1).view(n, -1, self.n_out)


def transformer_encoder() -> nn.Module:
    layer = nn.TransformerEncoderLayer(32, 4, 64, batch_first=True)
    return nn.TransformerEncoder(layer, 2)


def transformer_decoder() -> nn.Module:
    return nn.TransformerDecoder(nn.TransformerDecoderLayer(32, 4, 64, batch_first=True), 2)


def classifier(name: str, **options) -> nn.Module:
    return getattr(networks.torchvision().models, name)(weights=None, **options)


def segmenter(name: str) -> nn.Module:
    return getattr(networks.torchvision().models.segmentation, name)(weights=None, weights_backbone=None)


@dataclass(frozen=True)
class Entry:
    make: object  # without arguments, gives the module
    shapes: tuple[tuple[int, ...], ...] = (IMAGE,)


ENTRIES = {name: Entry(partial(classifier, name)) for name in (
    "mobilenet_v2", "mobilenet_v3_small", "mobilenet_v3_large", "resnet18", "resnet50", "resnext50_32x4d", "vgg11_bn", "alexnet",
    "squeezenet1_0", "mnasnet1_0", "efficientnet_b0", "densenet121", "shufflenet_v2_x1_0", "regnet_x_400mf", "regnet_y_400mf",
    "efficientnet_v2_s", "convnext_tiny", "vit_b_16", "swin_t")}
ENTRIES |= {
    "googlenet": Entry(partial(classifier, "googlenet", init_weights=False)),
    "inception_v3": Entry(partial(classifier, "inception_v3", init_weights=False), ((1, 3, 299, 299),)),
    "inception_v3 without aux": Entry(partial(classifier, "inception_v3", init_weights=False, aux_logits=False),
                                      ((1, 3, 299, 299),)),
    "lraspp_mobilenet_v3_large": Entry(partial(segmenter, "lraspp_mobilenet_v3_large")),
    "deeplabv3_mobilenet_v3_large": Entry(partial(segmenter, "deeplabv3_mobilenet_v3_large")),
    "fcn_resnet50": Entry(partial(segmenter, "fcn_resnet50")),
    "r3d_18": Entry(lambda: networks.torchvision().models.video.r3d_18(weights=None), ((1, 3, 8, 112, 112),)),
    "U-Net": Entry(UNet, ((1, 3, 64, 64),)),
    "TCN": Entry(TCN, ((1, 8, 100),)),
    "YOLO head": Entry(YoloHead, ((1, 3, 64, 96),)),
    "TransformerEncoder": Entry(transformer_encoder, ((2, 10, 32),)),
    "TransformerDecoder": Entry(transformer_decoder, ((2, 6, 32), (2, 10, 32))),
}
ENTRIES |= {name: Entry(partial(networks.efficientnet_lite, name), ((1, 3, size, size),))
            for name, size in networks.LITE_SIZES.items()}

FORMS = ("pt2", "traced", "scripted", "frozen")


def randomize_constants(module: nn.Module) -> None:
    """Parameters that are the same everywhere when they are new, as biases of 0 and scales of 1e-6 are, would hide mistakes."""
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in module.parameters():
            if parameter.numel() > 1 and (parameter == parameter.flatten()[0]).all():
                parameter.add_(torch.randn(parameter.shape, generator=generator) * 0.1)


def forms(name: str) -> tuple[str, ...]:
    """The forms that PyTorch can save the network in: it does not script the package of EfficientNet-Lite."""
    return FORMS[:2] if name in networks.LITE_SIZES else FORMS


def build(name: str) -> tuple[nn.Module, tuple[Tensor, ...]]:
    """The network in evaluation mode, and inputs."""
    entry = ENTRIES[name]
    torch.manual_seed(0)
    module = entry.make().eval()
    networks.randomize_statistics(module)
    randomize_constants(module)
    return module, tuple(torch.randn(shape) for shape in entry.shapes)


def flat(result) -> list[Tensor]:
    """The tensors that a network gives, in order; None is no output."""
    if isinstance(result, Tensor):
        return [result]
    items = result.values() if isinstance(result, dict) else result if isinstance(result, (list, tuple)) else []
    return [tensor for item in items for tensor in flat(item)]


def save(module: nn.Module, inputs: tuple[Tensor, ...], form: str, path) -> None:
    with torch.no_grad():
        if form == "pt2":
            torch.export.save(torch.export.export(module, inputs), path)
        elif form == "traced":
            torch.jit.trace(module, inputs, strict=False, check_trace=False).save(str(path))
        else:
            script = torch.jit.script(module)
            (torch.jit.freeze(script) if form == "frozen" else script).save(str(path))
