/* Rows of a table, put together bag by bag: embedding_bag. Bag k holds the indices from offsets[k] on.
 *
 * weight is [rows, D], indices and per_sample_weights are [n], the result is [bags, D]. Bags of one length are a dimension
 * to reduce, and so is each bag by itself when a maximum is wanted; others add up by SCATTER_ND, which needs the bag of each
 * index. A bag that is empty, or empty but for the padding index, gives 0. Modes are 0 sum, 1 mean, 2 maximum. */
#include "ops/list.h"

static const char text_bags_of_one_length[] =
    "def bags(rows, kept, bags, mode):\n"
    "    dim = rows.size(-1)\n"
    "    rows = torch.reshape(rows, [bags, rows.size(0) // bags, dim])\n"
    "    if mode == 0 or rows.size(1) == 0:\n"
    "        return torch.sum(rows, [1])\n"
    "    if kept is None:\n"
    "        return torch.mean(rows, [1]) if mode == 1 else torch.amax(rows, [1])\n"
    "    counts = torch.sum(torch.reshape(kept, [bags, rows.size(1), 1]), [1])\n"
    "    if mode == 1:\n"
    "        return torch.sum(rows, [1]) / torch.to.dtype(torch.clamp(counts, 1, None), rows.dtype)\n"
    "    return torch.where(counts > 0, torch.amax(rows, [1]), 0)\n";

/* The number of a bag is how many others begin at or before the index. */
static const char text_bags_by_number[] =
    "def bags(rows, kept, offsets, mode):\n"
    "    if mode == 2:\n"
    "        raise NotImplementedError(\"embedding_bag: the maximum of bags whose lengths are data\")\n"
    "    n = rows.size(0)\n"
    "    begun = torch.unsqueeze(torch.arange(n), 1) >= torch.unsqueeze(offsets, 0)\n"
    "    numbers = torch.sum(begun, [1]) - 1\n"
    "    sums = torch.scatter_rows(numbers, rows, offsets.size(0))\n"
    "    if mode == 0:\n"
    "        return sums\n"
    "    kept = torch.ones([n, 1]) if kept is None else torch.reshape(kept, [n, 1])\n"
    "    counts = torch.clamp(torch.scatter_rows(numbers, kept, offsets.size(0)), 1, None)\n"
    "    return sums / torch.to.dtype(counts, rows.dtype)\n";

/* Where known bags begin, and their end; nothing when the offsets are data. */
static const char text_bag_ends[] =
    "def ends(offsets, n):\n"
    "    if not known(offsets):\n"
    "        return []\n"
    "    return [int(torch.select(offsets, 0, k)) for k in range(offsets.size(0))] + [n]\n";

static const char text_embedding_bag[] =
    "def embedding_bag(weight, indices, offsets, scale, mode, sparse, per_sample_weights, include_last_offset, padding):\n"
    "    n = indices.size(0)\n"
    "    offsets = torch.slice(offsets, 0, 0, -1) if include_last_offset else offsets\n"
    "    rows = torch.index_select(weight, 0, indices)\n"
    "    kept = None\n"
    "    if padding is not None:\n"
    "        padding = padding + weight.size(0) if padding < 0 else padding\n"
    "        mask = torch.unsqueeze(indices != padding, 1)\n"
    "        rows = torch.where(mask, rows, -inf if mode == 2 else 0.0)\n"
    "        kept = torch.to(mask, weight.dtype)\n"
    "    if per_sample_weights is not None:\n"
    "        rows = rows * torch.unsqueeze(per_sample_weights, 1)\n"
    "    ends = torch._bag_ends(offsets, n)\n"
    "    lengths = [ends[k + 1] - ends[k] for k in range(len(ends) - 1)]\n"
    "    if lengths and min(lengths) == max(lengths):\n"
    "        y = torch._bags_of_one_length(rows, kept, len(lengths), mode)\n"
    "    elif lengths and mode == 2:\n"
    "        bags = []\n"
    "        for k in range(len(lengths)):\n"
    "            own = None if kept is None else torch.slice(kept, 0, ends[k], ends[k + 1])\n"
    "            bags.append(torch._bags_of_one_length(torch.slice(rows, 0, ends[k], ends[k + 1]), own, 1, mode))\n"
    "        y = torch.cat(bags, 0)\n"
    "    else:\n"
    "        y = torch._bags_by_number(rows, kept, offsets, mode)\n"
    "    other = \"the second to fourth result of embedding_bag, which its gradient needs\"\n"
    "    return y, absent(other), absent(other), absent(other)\n";

/* With -1, which is every embedding_bag's default without an argument for it, there is no padding index. */
static const char text_inner[] =
    "def embedding_bag(weight, indices, offsets, scale, mode, sparse, per_sample_weights, include_last_offset, padding):\n"
    "    return torch.embedding_bag.padding_idx(weight, indices, offsets, scale, mode, sparse, per_sample_weights,\n"
    "                                           include_last_offset, None if padding < 0 else padding)\n";

#define BAG "(Tensor weight, Tensor indices, Tensor offsets, bool scale_grad_by_freq=False, int mode=0, bool "  \
            "sparse=False, Tensor? per_sample_weights=None, bool include_last_offset=False"
#define FOUR ") -> (Tensor, Tensor, Tensor, Tensor)"

static const tnn_spelling_row rows[] = {
    {"_bag_ends", "_bag_ends(Tensor offsets, int n) -> int[]", text_bag_ends},
    {"_bags_of_one_length", "_bags_of_one_length(Tensor rows, Tensor? kept, int bags, int mode) -> Tensor",
     text_bags_of_one_length},
    {"_bags_by_number", "_bags_by_number(Tensor rows, Tensor? kept, Tensor offsets, int mode) -> Tensor",
     text_bags_by_number},
    {"embedding_bag", "embedding_bag" BAG FOUR,
     "def embedding_bag(weight, indices, offsets, scale, mode, sparse, per_sample_weights, include_last_offset):\n"
     "    return torch.embedding_bag.padding_idx(weight, indices, offsets, scale, mode, sparse, per_sample_weights,\n"
     "                                           include_last_offset, None)\n"},
    {"embedding_bag.padding_idx",
     "embedding_bag(Tensor weight, Tensor indices, Tensor offsets, bool scale_grad_by_freq, int mode, bool sparse, "
     "Tensor? per_sample_weights, bool include_last_offset, int? padding_idx" FOUR,
     text_embedding_bag},
    {"_embedding_bag", "_embedding_bag" BAG ", int padding_idx=-1" FOUR, text_inner},
    {"_embedding_bag_forward_only", "_embedding_bag_forward_only" BAG ", int padding_idx=-1" FOUR, text_inner},
    {"embedding_renorm_",
     "embedding_renorm_(Tensor(a!) self, Tensor indices, float max_norm, float norm_type) -> Tensor(a!)",
     "def embedding_renorm(self, indices, max_norm, norm_type):\n"
     "    raise NotImplementedError(\"an embedding with max_norm writes to its table; scale the rows once before export \"\n"
     "                              \"and leave max_norm away\")\n"},
};

const tnn_spelling_table tnn_spellings_bag = {rows, sizeof rows / sizeof *rows};
