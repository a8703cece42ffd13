"""Losses in every reduction, with weights, margins and ignored targets."""

import torch
import torch.nn.functional as f
from case import F, V, Case, fn

X, Y = F(5, 7), F(5, 7)
CLASSES = V(1, 0, 6, -100, 3, kind="int64")
SIDES = V(1, -1, 1, -1, -1)
REDUCTIONS = ("none", "mean", "sum")


def each(name, function, *inputs) -> list[Case]:
    """One case a reduction; `function` takes the tensors and the reduction."""
    return [fn(f"{name} {r}", lambda *tensors, r=r: function(*tensors, r), *inputs) for r in REDUCTIONS]


def odds(x):
    return x.sigmoid()


WEIGHT = torch.tensor([0.5, 2.0, 1.0, 0.25, 1.5, 3.0, 0.75])

CASES = [
    *each("mse loss", lambda x, y, r: f.mse_loss(x, y, reduction=r), X, Y),
    *each("l1 loss", lambda x, y, r: f.l1_loss(x, y, reduction=r), X, Y),
    *each("smooth l1 loss", lambda x, y, r: f.smooth_l1_loss(x, y, reduction=r), X, Y),
    fn("smooth l1 loss beta", lambda x, y: f.smooth_l1_loss(x, y, reduction="none", beta=0.3), X, Y),
    fn("smooth l1 loss beta 0", lambda x, y: f.smooth_l1_loss(x, y, beta=0.0), X, Y),
    *each("huber loss", lambda x, y, r: f.huber_loss(x, y, reduction=r, delta=0.7), X, Y),
    *each("binary cross entropy", lambda x, y, r: f.binary_cross_entropy(odds(x), odds(y), reduction=r), X, Y),
    fn("binary cross entropy weight", lambda x, y: f.binary_cross_entropy(odds(x), odds(y), WEIGHT), X, Y),
    fn("binary cross entropy 0 and 1", lambda x, y: f.binary_cross_entropy(x, y, reduction="none"), V(0, 1, 0, 1),
       V(1, 1, 0, 0)),
    *each("logits cross entropy", lambda x, y, r: f.binary_cross_entropy_with_logits(x, odds(y), reduction=r), X, Y),
    fn("logits cross entropy weights",
       lambda x, y: f.binary_cross_entropy_with_logits(x, odds(y), WEIGHT, pos_weight=WEIGHT * 2), X, Y),
    fn("logits cross entropy large", lambda x, y: f.binary_cross_entropy_with_logits(x, y, reduction="none"),
       V(80, -80, 16, -16), V(1, 1, 1, 0)),
    *each("soft margin loss", lambda x, y, r: f.soft_margin_loss(x, y.sign(), reduction=r), X, Y),
    *each("margin ranking loss", lambda x, y, t, r: f.margin_ranking_loss(x, y, t, 0.3, reduction=r), F(5), F(5), SIDES),
    *each("hinge embedding loss", lambda x, t, r: f.hinge_embedding_loss(x, t, 0.8, reduction=r), F(5), SIDES),
    *each("multi margin loss", lambda x, r: f.multi_margin_loss(x, torch.tensor([1, 0, 6, 3, 3]), reduction=r), X),
    fn("multi margin loss p weight",
       lambda x: f.multi_margin_loss(x, torch.tensor([1, 0, 6, 3, 3]), 2, 0.4, WEIGHT, reduction="none"), X),
    fn("multi margin loss row", lambda x: f.multi_margin_loss(x, torch.tensor([2])), F(1, 7)),
    *each("multilabel margin loss",
          lambda x, r: f.multilabel_margin_loss(x, torch.tensor([[3, 0, -1, 1], [2, -1, 0, 0]]), reduction=r), F(2, 4)),
    *each("triplet margin loss", lambda x, y, z, r: f.triplet_margin_loss(x, y, z, reduction=r), X, Y, F(5, 7)),
    fn("triplet margin loss swap", lambda x, y, z: f.triplet_margin_loss(x, y, z, 0.5, 1.0, 1e-3, True), X, Y, F(5, 7)),
    *each("cosine embedding loss", lambda x, y, t, r: f.cosine_embedding_loss(x, y, t, 0.1, reduction=r), X, Y, SIDES),
    *each("kl div", lambda x, y, r: f.kl_div(x.log_softmax(1), y.softmax(1), reduction=r), X, Y),
    fn("kl div batchmean", lambda x, y: f.kl_div(x.log_softmax(1), y.softmax(1), reduction="batchmean"), X, Y),
    fn("kl div log target", lambda x, y: f.kl_div(x, y, reduction="sum", log_target=True), X, Y),
    fn("kl div zeros", lambda x, y: f.kl_div(x, y, reduction="none"), F(4), V(0, 0.5, 0, 1)),
    *each("poisson nll loss", lambda x, y, r: f.poisson_nll_loss(x, y.abs(), reduction=r), X, Y),
    fn("poisson nll loss full", lambda x, y: f.poisson_nll_loss(x.abs(), y.abs() * 3, log_input=False, full=True), X, Y),
    *each("nll loss", lambda x, t, r: f.nll_loss(x.log_softmax(1), t, reduction=r), X, CLASSES),
    *each("nll loss weight", lambda x, t, r: f.nll_loss(x, t, WEIGHT, reduction=r), X, CLASSES),
    fn("nll loss 2d", lambda x: f.nll_loss(x, torch.tensor([[[1, 0, 2], [2, 2, 0]]]), reduction="none"), F(1, 3, 2, 3)),
    fn("nll loss row", lambda x: f.nll_loss(x, torch.tensor(2)), F(7)),
    *each("cross entropy", lambda x, t, r: f.cross_entropy(x, t, reduction=r), X, CLASSES),
    *each("cross entropy smooth", lambda x, t, r: f.cross_entropy(x, t, WEIGHT, reduction=r, label_smoothing=0.2), X,
          CLASSES),
    fn("cross entropy ignore", lambda x, t: f.cross_entropy(x, t, ignore_index=6), X, V(1, 0, 6, 2, 3, kind="int64")),
    *each("cross entropy soft", lambda x, y, r: f.cross_entropy(x, y.softmax(1), reduction=r), X, Y),
    fn("cross entropy soft smooth", lambda x, y: f.cross_entropy(x, y.softmax(1), WEIGHT, label_smoothing=0.1), X, Y),
    fn("cross entropy image", lambda x: f.cross_entropy(x, torch.tensor([[[1, 0, 2], [2, 2, 0]]])), F(1, 3, 2, 3)),
    fn("cross entropy row", lambda x: f.cross_entropy(x, torch.tensor(2), label_smoothing=0.2), F(7)),
    *each("multilabel soft margin loss", lambda x, y, r: f.multilabel_soft_margin_loss(x, odds(y), reduction=r), X, Y),
]
