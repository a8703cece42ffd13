"""Modules of torch.nn and calls of PyTorch as programs write them: expressions with the shapes of their inputs, which are
`x`, `y` and `z`. Shapes of int64 inputs come with the number below which the input's numbers are.
"""

from typing import NamedTuple


class Call(NamedTuple):
    text: str
    shapes: tuple
    integers: int = 0  # inputs are whole numbers below it


def calls(shapes: tuple, texts: str, integers: int = 0) -> list[Call]:
    return [Call(text.strip(), shapes, integers) for text in texts.strip().split("\n")]


# self.m = EXPRESSION, called with the inputs in order.
MODULES = [
    *calls(
        ((2, 4, 9, 7),),
        """
        nn.Conv2d(4, 6, 3)
        nn.Conv2d(4, 6, (3, 1), 2, (1, 0), (1, 2), 2, False)
        nn.Conv2d(4, 8, kernel_size=3, padding="same", groups=4)
        nn.Conv2d(4, 6, 3, padding=1, padding_mode="reflect")
        nn.Conv2d(4, 6, (3, 5), padding=(1, 2), padding_mode="circular")
        nn.ConvTranspose2d(4, 6, 3, stride=2, padding=1, output_padding=1)
        nn.ConvTranspose2d(4, 6, 2, groups=2, bias=False, dilation=2)
        nn.Linear(7, 5)
        nn.Linear(in_features=7, out_features=5, bias=False)
        nn.BatchNorm2d(4)
        nn.BatchNorm2d(4, eps=0.001, affine=False)
        nn.BatchNorm2d(4, track_running_stats=False)
        nn.InstanceNorm2d(4)
        nn.InstanceNorm2d(4, affine=True, track_running_stats=True)
        nn.LayerNorm(7)
        nn.LayerNorm((9, 7), eps=0.01, elementwise_affine=False)
        nn.LayerNorm([4, 9, 7], bias=False)
        nn.GroupNorm(2, 4)
        nn.GroupNorm(4, 4, affine=False)
        nn.RMSNorm(7)
        nn.LocalResponseNorm(3, alpha=0.1)
        nn.ReLU()
        nn.ReLU(inplace=True)
        nn.ReLU6(True)
        nn.LeakyReLU(0.2)
        nn.LeakyReLU(0.2, inplace=True)
        nn.ELU(0.5)
        nn.SELU()
        nn.CELU(2.0)
        nn.GELU()
        nn.GELU(approximate="tanh")
        nn.SiLU()
        nn.Mish()
        nn.Hardswish()
        nn.Hardsigmoid()
        nn.Hardtanh(-2, 0.5)
        nn.Sigmoid()
        nn.Tanh()
        nn.Softplus(2, 10)
        nn.Softshrink(0.3)
        nn.Hardshrink(0.3)
        nn.Softsign()
        nn.Tanhshrink()
        nn.Threshold(0.1, -1)
        nn.LogSigmoid()
        nn.PReLU()
        nn.PReLU(4, init=0.1)
        nn.RReLU()
        nn.GLU(1)
        nn.Softmax(dim=1)
        nn.Softmin(dim=1)
        nn.LogSoftmax(-1)
        nn.Softmax2d()
        nn.MaxPool2d(2)
        nn.MaxPool2d(3, 2, 1, ceil_mode=True)
        nn.MaxPool2d(2, return_indices=True)
        nn.AvgPool2d(3, stride=2, padding=1, count_include_pad=False)
        nn.AvgPool2d(2, divisor_override=3)
        nn.LPPool2d(2, 3)
        nn.AdaptiveAvgPool2d(1)
        nn.AdaptiveAvgPool2d((3, None))
        nn.AdaptiveMaxPool2d(3)
        nn.Dropout(0.3)
        nn.Dropout2d()
        nn.AlphaDropout(0.1)
        nn.FeatureAlphaDropout(0.1)
        nn.Identity()
        nn.Identity(54, unused=2)
        nn.Flatten()
        nn.Flatten(0, 1)
        nn.Unflatten(1, (2, 2))
        nn.PixelShuffle(2)
        nn.PixelUnshuffle(1)
        nn.ChannelShuffle(2)
        nn.Unfold(3, padding=1, stride=2)
        nn.Upsample(scale_factor=2)
        nn.Upsample(size=(5, 6), mode="bilinear", align_corners=True)
        nn.Upsample(scale_factor=(2, 3), mode="bicubic")
        nn.UpsamplingNearest2d(scale_factor=2)
        nn.UpsamplingBilinear2d(size=(12, 8))
        nn.ZeroPad2d(1)
        nn.ConstantPad2d((1, 0, 2, 1), 0.5)
        nn.ReflectionPad2d((1, 2, 0, 1))
        nn.ReplicationPad2d(2)
        nn.CircularPad2d(1)
        nn.Sequential(nn.Conv2d(4, 4, 1), nn.ReLU(), nn.BatchNorm2d(4))
        nn.Sequential(OrderedDict([("conv", nn.Conv2d(4, 4, 1)), ("act", nn.ReLU())]))
        """,
    ),
    *calls(
        ((2, 4, 11),),
        """
        nn.Conv1d(4, 6, 3, padding=2, dilation=2)
        nn.ConvTranspose1d(4, 6, 3, stride=2)
        nn.BatchNorm1d(4)
        nn.MaxPool1d(2)
        nn.AvgPool1d(3, 1, 1)
        nn.AdaptiveAvgPool1d(4)
        nn.AdaptiveMaxPool1d(3)
        nn.Dropout1d()
        nn.ReflectionPad1d(2)
        nn.ConstantPad1d(1, -1.0)
        nn.InstanceNorm1d(4)
        nn.Upsample(scale_factor=2.0, mode="linear")
        nn.LSTM(11, 5)
        nn.LSTM(11, 5, 2, batch_first=True, bidirectional=True)
        nn.LSTM(11, 5, proj_size=3, bias=False)
        nn.GRU(11, 5, num_layers=2, batch_first=True)
        nn.RNN(11, 5)
        nn.RNN(11, 5, nonlinearity="relu", batch_first=True)
        nn.TransformerEncoderLayer(11, 1, 13, batch_first=True)
        nn.TransformerEncoder(nn.TransformerEncoderLayer(11, 1, 13, activation="gelu", norm_first=True), 2, nn.LayerNorm(11))
        """,
    ),
    *calls(((4, 11),), "nn.LSTM(11, 3)\nnn.GRU(11, 3)\nnn.LSTMCell(11, 3)\nnn.GRUCell(11, 3)\nnn.RNNCell(11, 3, nonlinearity='relu')"),
    *calls(
        ((1, 2, 5, 6, 7),),
        """
        nn.Conv3d(2, 3, 3, padding=1)
        nn.ConvTranspose3d(2, 3, 2, stride=2)
        nn.BatchNorm3d(2)
        nn.MaxPool3d(2)
        nn.AvgPool3d((1, 2, 2))
        nn.AdaptiveAvgPool3d((2, 1, 3))
        nn.Dropout3d()
        nn.ConstantPad3d(1, 0.1)
        nn.InstanceNorm3d(2)
        """,
    ),
    *calls(((2, 3), (2, 4)), "nn.Bilinear(3, 4, 5)"),
    *calls(((2, 3), (2, 3)), "nn.CosineSimilarity()\nnn.PairwiseDistance(p=1)\nnn.GRUCell(3, 3)"),
    *calls(((5, 2, 8), (3, 2, 8)), "nn.TransformerDecoderLayer(8, 2, 16)\nnn.TransformerDecoder(nn.TransformerDecoderLayer(8, 4, 16), 2)"),
    *calls(((5, 2, 8), (3, 2, 8), (3, 2, 8)), "nn.MultiheadAttention(8, 2)"),
    *calls(((2, 5, 8), (2, 3, 6), (2, 3, 4)), "nn.MultiheadAttention(8, 4, kdim=6, vdim=4, batch_first=True, bias=False)"),
    *calls(((2, 5),), "nn.Embedding(11, 3)\nnn.Embedding(11, 3, padding_idx=0)", 11),
]

# return EXPRESSION
FUNCTIONS = [
    *calls(
        ((2, 4, 9, 7),),
        """
        F.relu(x)
        F.relu(x, inplace=True) + x
        F.relu(input=x)
        F.relu6(x)
        F.leaky_relu(x, negative_slope=0.3)
        F.leaky_relu(x, 0.3, True)
        F.elu(x, alpha=0.7)
        F.selu(x)
        F.celu(x, 0.5)
        F.silu(x)
        F.mish(x)
        F.hardswish(x)
        F.hardsigmoid(x)
        F.hardtanh(x, -0.5, 0.5)
        F.gelu(x)
        F.gelu(x, approximate="tanh")
        F.softplus(x, beta=2, threshold=5)
        F.softshrink(x, 0.2)
        F.hardshrink(x)
        F.softsign(x)
        F.tanhshrink(x)
        F.threshold(x, 0.1, 20.0)
        F.logsigmoid(x)
        F.sigmoid(x) + F.tanh(x)
        F.glu(x, dim=1)
        F.softmax(x, dim=1)
        F.softmax(x, -1, dtype=torch.float32)
        F.softmax(x)
        F.log_softmax(x, dim=2)
        F.softmin(x, dim=1)
        F.dropout(x, 0.5, self.training)
        F.dropout(x, p=0.5, training=False)
        F.dropout2d(x, training=self.training)
        F.alpha_dropout(x, 0.5)
        F.max_pool2d(x, 2)
        F.max_pool2d(x, kernel_size=3, stride=2, padding=1)
        F.max_pool2d(x, (3, 2), ceil_mode=True)
        F.max_pool2d(x, 2, return_indices=True)[1]
        F.avg_pool2d(x, 3)
        F.avg_pool2d(x, 3, stride=1, padding=1, count_include_pad=False)
        F.adaptive_avg_pool2d(x, 1)
        F.adaptive_avg_pool2d(x, (None, 2))
        F.adaptive_max_pool2d(x, (3, 2))
        F.lp_pool2d(x, 2, 3, 2)
        F.pad(x, (1, 2))
        F.pad(x, (1, 2, 3, 0), "constant", 1.5)
        F.pad(x, (1, 2, 1, 1), mode="reflect")
        F.pad(x, [1, 1, 2, 0], mode="replicate")
        F.pad(x, (2, 1, 0, 1), mode="circular")
        F.pad(x, (0, -1), value=2)
        F.interpolate(x, scale_factor=2)
        F.interpolate(x, size=(5, 11), mode="nearest")
        F.interpolate(x, 6, mode="bilinear", align_corners=True)
        F.interpolate(x, scale_factor=(0.5, 2.0), mode="bilinear", align_corners=False)
        F.interpolate(x, scale_factor=1.5, mode="bicubic", recompute_scale_factor=True)
        F.interpolate(x, size=x.shape[2:], mode="nearest-exact")
        F.interpolate(x, (3, 2), mode="area")
        F.interpolate(x, scale_factor=0.5, mode="bilinear", antialias=True)
        F.layer_norm(x, (7,))
        F.layer_norm(x, x.shape[1:], eps=0.1)
        F.group_norm(x, 2)
        F.instance_norm(x)
        F.local_response_norm(x, 2)
        F.normalize(x)
        F.normalize(x, p=1, dim=-1)
        F.batch_norm(x, torch.ones(4), torch.full((4,), 2.0), eps=0.1)
        F.pixel_shuffle(x, 2)
        F.unfold(x, (3, 2), padding=1)
        F.conv2d(x, torch.ones(2, 4, 3, 3), padding=1)
        F.conv2d(x, weight=torch.ones(8, 1, 1, 1), bias=torch.arange(8.0), stride=2, groups=4)
        F.conv_transpose2d(x, torch.ones(4, 2, 2, 2), stride=2)
        F.linear(x, torch.ones(3, 7), torch.tensor([1.0, 2.0, 3.0]))
        F.affine_grid(x[:, :2, :3, 0], (2, 1, 4, 5), align_corners=False)
        torch.nn.functional.relu(torch.neg(x))
        torch.relu(x)
        torch.flatten(x, 1)
        torch.flatten(x, start_dim=2, end_dim=3)
        torch.cat([x, x * 2], 1)
        torch.cat((x, x), dim=-1)
        torch.cat([x, x], axis=2)
        torch.stack([x, x + 1], dim=1)
        torch.split(x, 2, dim=1)
        torch.split(x, [1, 3], 1)[1]
        torch.chunk(x, chunks=2, dim=1)
        torch.mean(x, dim=(2, 3), keepdim=True)
        torch.sum(x, axis=1)
        torch.max(x, dim=1)[0]
        torch.max(x, 1).values
        torch.max(x)
        torch.matmul(x, x.transpose(2, 3))
        torch.einsum("nchw,ncHw->nhH", x, x)
        torch.einsum("nchw->nwhc", [x])
        torch.transpose(x, 1, 3)
        torch.permute(x, (0, 2, 3, 1))
        torch.clamp(x, min=0.1)
        torch.clamp(x, -1, 1)
        torch.where(x > 0, x, x * 0.1)
        torch.add(x, x, alpha=2)
        torch.zeros(2, 3) + torch.ones((2, 3)) + torch.full((3,), 0.5)
        torch.zeros_like(x) + torch.tensor([0.5, 1, 2, 3, 4, 5, 6])
        torch.arange(7, device=x.device) + x
        torch.linspace(0, 1, steps=7) * x
        torch.topk(x, k=2, dim=1)[0]
        torch.argmax(x, dim=1, keepdim=True)
        torch.norm(x, p=2, dim=1)
        torch.linalg.vector_norm(x, dim=1)
        torch.special.expit(x)
        torch.meshgrid(torch.arange(3), torch.arange(2), indexing="ij")
        torch.squeeze(x[:1], 0)
        torch.bmm(x[0], x[1].transpose(1, 2))
        torch.sqrt(torch.abs(x) + 1e-6)
        torch.pow(x, 2)
        torch.roll(x, shifts=(1, 2), dims=(2, 3))
        torch.broadcast_tensors(x, torch.ones(1, 7))[1]
        torch.repeat_interleave(x, 2, dim=1)
        x.view(x.size(0), -1)
        x.view(x.shape[0], 2, -1, *x.shape[2:])
        x.reshape(-1, x.shape[-1])
        x.reshape((2, 4, 63))
        x.permute(0, 2, 3, 1).contiguous()
        x.transpose(1, -1)
        x.flatten(1)
        x.flatten(start_dim=2).unsqueeze(1)
        x.mean((2, 3))
        x.mean(dim=[2, 3], keepdim=True)
        x.mean(-1).mean(-1)
        x.sum(dim=1, keepdim=True) - x.max(1)[0].unsqueeze(1)
        x.max(dim=1).indices
        x.argmax(1)
        x.softmax(-1)
        x.sigmoid() * x.tanh() + x.relu()
        x.clamp(0, 6) / 6
        x.clamp_min(0.0)
        x.pow(2).sum(-1).sqrt()
        x.expand(3, 2, 4, 9, 7)
        x[:, :1].expand(-1, 5, -1, -1)
        x.repeat(1, 2, 1, 1)
        x.chunk(2, dim=1)[1]
        x.split(3, 1)
        x.unbind(1)[2]
        x.narrow(1, 1, 2)
        x.masked_fill(x < 0, -1.0)
        x.type(torch.float32).float().to(torch.float64).to("cpu").type_as(x)
        x.new_zeros(2, 7) + x.new_ones((1,))
        x.detach().clone().data
        x.float().cpu()
        x.T.mT
        x.numel() + x.ndim + x.dim() + x * 1
        x[0]
        x[:, 1:3]
        x[..., ::2]
        x[:, None, :, -1]
        x[:, [0, 2]]
        x[..., 0, 1:]
        x[0, :, 2:-1, 3]
        x[:, torch.tensor([3, 1])]
        x @ x.transpose(-1, -2)
        -x ** 2 + 3 - 1 / (x.abs() + 1)
        x // 0.5 + x % 0.3
        (x > 0.5) & (x < 1.0) | ~(x != 0)
        2 * x if x.shape[1] == 4 else x
        1 - x
        x.__add__(1).__rsub__(2).__mul__(x).__neg__()
        sum([x, x, x]) / len([1, 2])
        max(x.shape[1], 3) * x
        [x, (x + 1, x + 2)]
        {"a": x, "b": [x + 1, x + 2]}
        """,
    ),
    *calls(
        ((2, 5, 8), (2, 3, 8), (2, 3, 8)),
        """
        F.scaled_dot_product_attention(x, y, z)
        F.scaled_dot_product_attention(x, y, z, attn_mask=torch.ones(5, 3).tril())
        F.cosine_similarity(x[:, :3], y, dim=-1)
        F.pairwise_distance(x[:, :3], y)
        F.bilinear(x[:, :3], y, torch.ones(2, 8, 8))
        torch.baddbmm(x @ z.mT, x, y.mT)
        torch.cdist(x, y)
        torch.maximum(x[:, :3], y).add(z, alpha=2)
        torch.lerp(y, z, 0.3)
        torch.addcmul(y, y, z, value=0.5)
        """,
    ),
    *calls(((2, 3, 6, 5), (2, 4, 4, 2)), "F.grid_sample(x, y * 0.5, align_corners=False)\nF.grid_sample(x, y, 'nearest', padding_mode='border', align_corners=True)"),
    *calls(
        ((2, 5),),
        """
        F.embedding(x, torch.arange(22.0).view(11, 2))
        F.one_hot(x, 11)
        F.one_hot(x, num_classes=12).float()
        x.float().mean()
        x + 1
        x / 2
        x // 2
        torch.gather(torch.arange(22).view(2, 11), 1, x)
        """,
        11,
    ),
]
