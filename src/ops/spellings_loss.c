/* Losses, which a network may compute in its graph. `reduction` is 0 for all numbers, 1 for their mean, 2 for their sum. */
#include "ops/list.h"

/* input[n, target[n, …], …] of input [C] or [N, C, …], with the weight of each target; the names are tinynn's. */
#define TARGETS \
    "    dim = min(self.dim() - 1, 1)\n" \
    "    ignored = target == ignore_index\n" \
    "    places = torch.where(ignored, 0, target)\n" \
    "    if weight is None:\n" \
    "        w = torch.to.dtype(torch.logical_not(ignored), self.dtype)\n" \
    "    else:\n" \
    "        w = torch.index_select(weight, 0, torch.reshape(places, [-1]))\n" \
    "        w = torch.where(ignored, 0.0, torch.reshape(w, target.shape))\n"

static const char text_nll[] =
    "def nll(self, target, weight, reduction, ignore_index):\n" TARGETS
    "    y = -torch.squeeze(torch.gather(self, dim, torch.unsqueeze(places, dim)), dim) * w\n"
    "    if reduction == 0:\n"
    "        return y, torch.zeros([], dtype=self.dtype)\n"
    "    y, n = torch.sum(y), torch.sum(w)\n"
    "    return y / n if reduction == 1 else y, n\n";

static const char text_nll_loss[] =
    "def nll_loss(self, target, weight, reduction, ignore_index):\n"
    "    return torch._nll(self, target, weight, reduction, ignore_index)[0]\n";

static const char text_nll_loss_forward[] =
    "def nll_loss_forward(self, target, weight, reduction, ignore_index):\n"
    "    return torch._nll(self, target, weight, reduction, ignore_index)\n";

#define NLL "(Tensor self, Tensor target, Tensor? weight=None, int reduction=1, SymInt ignore_index=-100) -> Tensor"
#define NLL_FORWARD \
    "(Tensor self, Tensor target, Tensor? weight, int reduction, SymInt ignore_index) -> (Tensor, Tensor)"

static const tnn_spelling_row rows[] = {
    {"_reduced", "_reduced(Tensor self, int reduction) -> Tensor",
     "def reduced(self, reduction):\n"
     "    if reduction == 0:\n"
     "        return self\n"
     "    return torch.mean(self) if reduction == 1 else torch.sum(self)\n"},
    {"mse_loss", "mse_loss(Tensor self, Tensor target, int reduction=1) -> Tensor",
     "def mse_loss(self, target, reduction):\n"
     "    return torch._reduced(torch.square(self - target), reduction)\n"},
    {"l1_loss", "l1_loss(Tensor self, Tensor target, int reduction=1) -> Tensor",
     "def l1_loss(self, target, reduction):\n"
     "    return torch._reduced(torch.abs(self - target), reduction)\n"},
    {"smooth_l1_loss", "smooth_l1_loss(Tensor self, Tensor target, int reduction=1, float beta=1.0) -> Tensor",
     "def smooth_l1_loss(self, target, reduction, beta):\n"
     "    if beta == 0:\n"
     "        return torch.l1_loss(self, target, reduction)\n"
     "    far = torch.abs(self - target)\n"
     "    near = torch.clamp(far, None, beta)\n"
     "    return torch._reduced(near * near * (0.5 / beta) + (far - near), reduction)\n"},
    {"huber_loss", "huber_loss(Tensor self, Tensor target, int reduction=1, float delta=1.0) -> Tensor",
     "def huber_loss(self, target, reduction, delta):\n"
     "    far = torch.abs(self - target)\n"
     "    near = torch.clamp(far, None, delta)\n"
     "    return torch._reduced(near * near * 0.5 + (far - near) * delta, reduction)\n"},
    {"binary_cross_entropy",
     "binary_cross_entropy(Tensor self, Tensor target, Tensor? weight=None, int reduction=1) -> Tensor",
     "def binary_cross_entropy(self, target, weight, reduction):\n"
     "    yes = torch.clamp(torch.log(self), -100.0, None)\n"
     "    no = torch.clamp(torch.log1p(-self), -100.0, None)\n"
     "    y = (target - 1) * no - target * yes\n"
     "    return torch._reduced(y if weight is None else y * weight, reduction)\n"},
    {"binary_cross_entropy_with_logits",
     "binary_cross_entropy_with_logits(Tensor self, Tensor target, Tensor? weight=None, Tensor? pos_weight=None, int "
     "reduction=1) -> Tensor",
     "def binary_cross_entropy_with_logits(self, target, weight, pos_weight, reduction):\n"
     "    y = torch.log_sigmoid(self)\n"
     "    if pos_weight is not None:\n"
     "        y = y * ((pos_weight - 1) * target + 1)\n"
     "    y = (1 - target) * self - y\n"
     "    return torch._reduced(y if weight is None else y * weight, reduction)\n"},
    {"soft_margin_loss", "soft_margin_loss(Tensor self, Tensor target, int reduction=1) -> Tensor",
     "def soft_margin_loss(self, target, reduction):\n"
     "    return torch._reduced(-torch.log_sigmoid(self * target), reduction)\n"},
    {"margin_ranking_loss",
     "margin_ranking_loss(Tensor input1, Tensor input2, Tensor target, float margin=0.0, int reduction=1) -> Tensor",
     "def margin_ranking_loss(input1, input2, target, margin, reduction):\n"
     "    return torch._reduced(torch.clamp((input2 - input1) * target + margin, 0, None), reduction)\n"},
    {"hinge_embedding_loss",
     "hinge_embedding_loss(Tensor self, Tensor target, float margin=1.0, int reduction=1) -> Tensor",
     "def hinge_embedding_loss(self, target, margin, reduction):\n"
     "    apart = torch.where(target == 1, 0.0, torch.clamp(margin - self, 0, None))\n"
     "    return torch._reduced(apart + torch.where(target == -1, 0.0, self), reduction)\n"},
    {"multi_margin_loss",
     "multi_margin_loss(Tensor self, Tensor target, Scalar p=1, Scalar margin=1, Tensor? weight=None, int reduction=1) "
     "-> Tensor",
     "def multi_margin_loss(self, target, p, margin, weight, reduction):\n"
     "    shape = list(target.shape)\n"
     "    x = torch.reshape(self, [-1, self.size(-1) if self.dim() > 0 else 1])\n"
     "    target = torch.reshape(target, [-1, 1])\n"
     "    y = torch.clamp(margin - torch.gather(x, 1, target) + x, 0, None)\n"
     "    y = y * y if p == 2 else y\n"
     "    if weight is not None:\n"
     "        y = y * torch.reshape(torch.index_select(weight, 0, torch.reshape(target, [-1])), [-1, 1])\n"
     "    y = torch.mean(torch.where(torch.arange(x.size(1)) == target, 0.0, y), [1])\n"
     "    return torch._reduced(torch.reshape(y, shape), reduction)\n"},
    /* The targets of a row end before the first -1. */
    {"multilabel_margin_loss",
     "multilabel_margin_loss(Tensor self, Tensor target, int reduction=1) -> Tensor",
     "def multilabel_margin_loss(self, target, reduction):\n"
     "    return torch.multilabel_margin_loss_forward(self, target, reduction)[0]\n"},
    {"multilabel_margin_loss_forward",
     "multilabel_margin_loss_forward(Tensor self, Tensor target, int reduction) -> (Tensor, Tensor)",
     "def multilabel_margin_loss_forward(self, target, reduction):\n"
     "    n = target.size(-1) if target.dim() > 0 else 1\n"
     "    x = torch.reshape(self, [-1, 1, n])\n"
     "    t = torch.reshape(target, [-1, n, 1])\n"
     "    classes = torch.arange(n)\n"
     "    ends = torch.amin(torch.where(torch.squeeze(t, 2) < 0, classes, n), [1], True)\n"
     "    valid = torch.unsqueeze(classes < ends, 2)\n"
     "    is_target = torch.any(valid & (t == classes), 1, True)\n"
     "    own = torch.gather(torch.reshape(self, [-1, n]), 1, torch.squeeze(torch.where(valid, t, 0), 2))\n"
     "    y = torch.clamp(1 - torch.unsqueeze(own, 2) + x, 0, None)\n"
     "    y = torch.sum(torch.where(is_target | torch.logical_not(valid), 0.0, y), [1, 2]) / n\n"
     "    y = torch.reshape(y, target.shape[:-1])\n"
     "    marks = torch.to.dtype(torch.reshape(is_target, target.shape), self.dtype)\n"
     "    return torch._reduced(y, reduction), marks\n"},
    {"triplet_margin_loss",
     "triplet_margin_loss(Tensor anchor, Tensor positive, Tensor negative, float margin=1.0, float p=2, float eps=1e-06, "
     "bool swap=False, int reduction=1) -> Tensor",
     "def triplet_margin_loss(anchor, positive, negative, margin, p, eps, swap, reduction):\n"
     "    near = torch.pairwise_distance(anchor, positive, p, eps)\n"
     "    far = torch.pairwise_distance(anchor, negative, p, eps)\n"
     "    if swap:\n"
     "        far = torch.minimum(far, torch.pairwise_distance(positive, negative, p, eps))\n"
     "    return torch._reduced(torch.clamp(near - far + margin, 0, None), reduction)\n"},
    {"cosine_embedding_loss",
     "cosine_embedding_loss(Tensor input1, Tensor input2, Tensor target, float margin=0.0, int reduction=1) -> Tensor",
     "def cosine_embedding_loss(input1, input2, target, margin, reduction):\n"
     "    dim = target.dim()\n"
     "    a = torch.sum(input1 * input1, [dim]) + 1e-12\n"
     "    b = torch.sum(input2 * input2, [dim]) + 1e-12\n"
     "    cosine = torch.sum(input1 * input2, [dim]) / torch.sqrt(a * b)\n"
     "    same = torch.where(target == 1, 1 - cosine, 0.0)\n"
     "    other = torch.where(target == -1, torch.clamp(cosine - margin, 0, None), 0.0)\n"
     "    return torch._reduced(same + other, reduction)\n"},
    {"kl_div", "kl_div(Tensor self, Tensor target, int reduction=1, *, bool log_target=False) -> Tensor",
     "def kl_div(self, target, reduction, log_target):\n"
     "    if log_target:\n"
     "        return torch._reduced(torch.exp(target) * (target - self), reduction)\n"
     "    return torch._reduced(torch.xlogy(target, target) - target * self, reduction)\n"},
    {"poisson_nll_loss",
     "poisson_nll_loss(Tensor input, Tensor target, bool log_input, bool full, float eps, int reduction) -> Tensor",
     "def poisson_nll_loss(input, target, log_input, full, eps, reduction):\n"
     "    if log_input:\n"
     "        y = torch.exp(input) - target * input\n"
     "    else:\n"
     "        y = input - target * torch.log(input + eps)\n"
     "    if full:\n"
     "        rest = target * torch.log(target) - target + 0.5 * torch.log(2 * math.pi * target)\n"
     "        y = y + torch.where(target <= 1, 0.0, rest)\n"
     "    return torch._reduced(y, reduction)\n"},
    {"_nll", "_nll" NLL_FORWARD, text_nll},
    {"nll_loss", "nll_loss" NLL, text_nll_loss},
    {"nll_loss2d", "nll_loss2d" NLL, text_nll_loss},
    {"nll_loss_nd", "nll_loss_nd" NLL, text_nll_loss},
    {"nll_loss_forward", "nll_loss_forward" NLL_FORWARD, text_nll_loss_forward},
    {"nll_loss2d_forward", "nll_loss2d_forward" NLL_FORWARD, text_nll_loss_forward},
    /* Targets are numbers of classes, or the probability of each class. */
    {"cross_entropy_loss",
     "cross_entropy_loss(Tensor self, Tensor target, Tensor? weight=None, int reduction=1, SymInt ignore_index=-100, float "
     "label_smoothing=0.0) -> Tensor",
     "def cross_entropy_loss(self, target, weight, reduction, ignore_index, label_smoothing):\n"
     "    dim = min(self.dim() - 1, 1)\n"
     "    scores = torch.log_softmax(self, dim)\n"
     "    if target.dim() == self.dim() and torch.is_floating_point(target):\n"
     "        return torch._soft_cross_entropy(scores, target, weight, reduction, label_smoothing)\n"
     "    y, n = torch._nll(scores, target, weight, reduction, ignore_index)\n"
     "    if label_smoothing == 0:\n"
     "        return y\n"
     "    scores = scores if weight is None else scores * torch._by_class(weight, self)\n"
     "    smooth = torch.where(target == ignore_index, 0.0, -torch.sum(scores, [dim]))\n"
     "    if reduction > 0:\n"
     "        smooth = torch.sum(smooth) / n if reduction == 1 else torch.sum(smooth)\n"
     "    return y * (1 - label_smoothing) + smooth * (label_smoothing / self.size(dim))\n"},
    {"_soft_cross_entropy",
     "_soft_cross_entropy(Tensor scores, Tensor target, Tensor? weight, int reduction, float label_smoothing) -> Tensor",
     "def soft_cross_entropy(scores, target, weight, reduction, label_smoothing):\n"
     "    dim = min(scores.dim() - 1, 1)\n"
     "    if label_smoothing > 0:\n"
     "        target = target * (1 - label_smoothing) + label_smoothing / scores.size(dim)\n"
     "    y = scores * target if weight is None else scores * target * torch._by_class(weight, scores)\n"
     "    y = -torch.sum(y, [dim])\n"
     "    return torch._reduced(y, reduction)\n"},
    {"_by_class", "_by_class(Tensor weight, Tensor like) -> Tensor",
     "def by_class(weight, like):\n"
     "    return torch.reshape(weight, [-1] + [1] * max(like.dim() - 2, 0))\n"},
};

const tnn_spelling_table tnn_spellings_loss = {rows, sizeof rows / sizeof *rows};
