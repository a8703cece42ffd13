/* Resampling: every name of it is the primitive `upsample` with a mode. */
#include "ops/list.h"

static const char text_upsample_nearest1d_vec[] =
    "def upsample(input, output_size, scale_factors):\n"
    "    sizes, scales = torch._upsample_sizes(input, output_size, scale_factors)\n"
    "    return torch.upsample(input, sizes, \"nearest\", False, scales)\n";

static const char text_upsample_nearest_exact1d_vec[] =
    "def upsample(input, output_size, scale_factors):\n"
    "    sizes, scales = torch._upsample_sizes(input, output_size, scale_factors)\n"
    "    return torch.upsample(input, sizes, \"nearest-exact\", False, scales)\n";

static const char text_upsample_linear1d_vec[] =
    "def upsample(input, output_size, align_corners, scale_factors):\n"
    "    sizes, scales = torch._upsample_sizes(input, output_size, scale_factors)\n"
    "    return torch.upsample(input, sizes, \"linear\", align_corners, scales)\n";

static const tnn_spelling_row rows[] = {
    /* The sizes that scale factors give, and the factors as the primitive takes them: none where sizes are
     * given. */
    {"_upsample_sizes",
     "_upsample_sizes(Tensor input, SymInt[]? output_size, float[]? scale_factors) -> (int[], float[])",
     "def sizes(input, output_size, scale_factors):\n"
     "    if output_size is not None:\n"
     "        return output_size, []\n"
     "    out = []\n"
     "    for k in range(len(scale_factors)):\n"
     "        size = input.size(2 + k)\n"
     "        scale = scale_factors[k]\n"
     "        out.append(size * int(scale) if scale == int(scale) else int(size * scale))\n"
     "    return out, scale_factors\n"},
    {"upsample_nearest1d", "upsample_nearest1d(Tensor self, SymInt[1] output_size, float? scales=None) -> Tensor",
     "def upsample(self, output_size, scales):\n"
     "    return torch.upsample(self, output_size, \"nearest\", False,\n"
     "                          [0.0 if scales is None else scales])\n"},
    {"upsample_nearest1d.vec",
     "upsample_nearest1d(Tensor input, SymInt[]? output_size, float[]? scale_factors) -> Tensor",
     text_upsample_nearest1d_vec},
    {"_upsample_nearest_exact1d",
     "_upsample_nearest_exact1d(Tensor self, SymInt[1] output_size, float? scales=None) -> Tensor",
     "def upsample(self, output_size, scales):\n"
     "    return torch.upsample(self, output_size, \"nearest-exact\", False,\n"
     "                          [0.0 if scales is None else scales])\n"},
    {"_upsample_nearest_exact1d.vec",
     "_upsample_nearest_exact1d(Tensor input, SymInt[]? output_size, float[]? scale_factors) -> Tensor",
     text_upsample_nearest_exact1d_vec},
    {"upsample_linear1d",
     "upsample_linear1d(Tensor self, SymInt[1] output_size, bool align_corners, float? scales=None) -> Tensor",
     "def upsample(self, output_size, align_corners, scales):\n"
     "    return torch.upsample(self, output_size, \"linear\", align_corners,\n"
     "                          [0.0 if scales is None else scales])\n"},
    {"upsample_linear1d.vec",
     "upsample_linear1d(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor",
     text_upsample_linear1d_vec},
    {"upsample_nearest2d",
     "upsample_nearest2d(Tensor self, SymInt[2] output_size, float? scales_h=None, float? scales_w=None) -> Tensor",
     "def upsample(self, output_size, scales_h, scales_w):\n"
     "    return torch.upsample(self, output_size, \"nearest\", False,\n"
     "                          [0.0 if scales_h is None else scales_h, 0.0 if scales_w is None else scales_w])\n"},
    {"upsample_nearest2d.vec",
     "upsample_nearest2d(Tensor input, SymInt[]? output_size, float[]? scale_factors) -> Tensor",
     text_upsample_nearest1d_vec},
    {"_upsample_nearest_exact2d",
     "_upsample_nearest_exact2d(Tensor self, SymInt[2] output_size, float? scales_h=None, float? scales_w=None) -> "
     "Tensor",
     "def upsample(self, output_size, scales_h, scales_w):\n"
     "    return torch.upsample(self, output_size, \"nearest-exact\", False,\n"
     "                          [0.0 if scales_h is None else scales_h, 0.0 if scales_w is None else scales_w])\n"},
    {"_upsample_nearest_exact2d.vec",
     "_upsample_nearest_exact2d(Tensor input, SymInt[]? output_size, float[]? scale_factors) -> Tensor",
     text_upsample_nearest_exact1d_vec},
    {"upsample_bilinear2d",
     "upsample_bilinear2d(Tensor self, SymInt[2] output_size, bool align_corners, float? scales_h=None, float? "
     "scales_w=None) -> Tensor",
     "def upsample(self, output_size, align_corners, scales_h, scales_w):\n"
     "    return torch.upsample(self, output_size, \"linear\", align_corners,\n"
     "                          [0.0 if scales_h is None else scales_h, 0.0 if scales_w is None else scales_w])\n"},
    {"upsample_bilinear2d.vec",
     "upsample_bilinear2d(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> "
     "Tensor",
     text_upsample_linear1d_vec},
    {"upsample_bicubic2d",
     "upsample_bicubic2d(Tensor self, SymInt[2] output_size, bool align_corners, float? scales_h=None, float? "
     "scales_w=None) -> Tensor",
     "def upsample(self, output_size, align_corners, scales_h, scales_w):\n"
     "    return torch.upsample(self, output_size, \"cubic\", align_corners,\n"
     "                          [0.0 if scales_h is None else scales_h, 0.0 if scales_w is None else scales_w])\n"},
    {"upsample_bicubic2d.vec",
     "upsample_bicubic2d(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor",
     "def upsample(input, output_size, align_corners, scale_factors):\n"
     "    sizes, scales = torch._upsample_sizes(input, output_size, scale_factors)\n"
     "    return torch.upsample(input, sizes, \"cubic\", align_corners, scales)\n"},
    {"_upsample_bilinear2d_aa",
     "_upsample_bilinear2d_aa(Tensor self, SymInt[2] output_size, bool align_corners, float? scales_h=None, float? "
     "scales_w=None) -> Tensor",
     "def upsample(self, output_size, align_corners, scales_h, scales_w):\n"
     "    return torch.upsample(self, output_size, \"linear-aa\", align_corners,\n"
     "                          [0.0 if scales_h is None else scales_h, 0.0 if scales_w is None else scales_w])\n"},
    {"_upsample_bilinear2d_aa.vec",
     "_upsample_bilinear2d_aa(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> "
     "Tensor",
     "def upsample(input, output_size, align_corners, scale_factors):\n"
     "    sizes, scales = torch._upsample_sizes(input, output_size, scale_factors)\n"
     "    return torch.upsample(input, sizes, \"linear-aa\", align_corners, scales)\n"},
    {"_upsample_bicubic2d_aa",
     "_upsample_bicubic2d_aa(Tensor self, SymInt[2] output_size, bool align_corners, float? scales_h=None, float? "
     "scales_w=None) -> Tensor",
     "def upsample(self, output_size, align_corners, scales_h, scales_w):\n"
     "    return torch.upsample(self, output_size, \"cubic-aa\", align_corners,\n"
     "                          [0.0 if scales_h is None else scales_h, 0.0 if scales_w is None else scales_w])\n"},
    {"_upsample_bicubic2d_aa.vec",
     "_upsample_bicubic2d_aa(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> "
     "Tensor",
     "def upsample(input, output_size, align_corners, scale_factors):\n"
     "    sizes, scales = torch._upsample_sizes(input, output_size, scale_factors)\n"
     "    return torch.upsample(input, sizes, \"cubic-aa\", align_corners, scales)\n"},
    {"upsample_nearest3d",
     "upsample_nearest3d(Tensor self, SymInt[3] output_size, float? scales_d=None, float? scales_h=None, float? "
     "scales_w=None) -> Tensor",
     "def upsample(self, output_size, scales_d, scales_h, scales_w):\n"
     "    return torch.upsample(self, output_size, \"nearest\", False,\n"
     "                          [0.0 if scale is None else scale for scale in [scales_d, scales_h, scales_w]])\n"},
    {"upsample_nearest3d.vec",
     "upsample_nearest3d(Tensor input, SymInt[]? output_size, float[]? scale_factors) -> Tensor",
     text_upsample_nearest1d_vec},
    {"_upsample_nearest_exact3d",
     "_upsample_nearest_exact3d(Tensor self, SymInt[3] output_size, float? scales_d=None, float? scales_h=None, "
     "float? scales_w=None) -> Tensor",
     "def upsample(self, output_size, scales_d, scales_h, scales_w):\n"
     "    return torch.upsample(self, output_size, \"nearest-exact\", False,\n"
     "                          [0.0 if scale is None else scale for scale in [scales_d, scales_h, scales_w]])\n"},
    {"_upsample_nearest_exact3d.vec",
     "_upsample_nearest_exact3d(Tensor input, SymInt[]? output_size, float[]? scale_factors) -> Tensor",
     text_upsample_nearest_exact1d_vec},
    {"upsample_trilinear3d",
     "upsample_trilinear3d(Tensor self, SymInt[3] output_size, bool align_corners, float? scales_d=None, float? "
     "scales_h=None, float? scales_w=None) -> Tensor",
     "def upsample(self, output_size, align_corners, scales_d, scales_h, scales_w):\n"
     "    return torch.upsample(self, output_size, \"linear\", align_corners,\n"
     "                          [0.0 if scale is None else scale for scale in [scales_d, scales_h, scales_w]])\n"},
    {"upsample_trilinear3d.vec",
     "upsample_trilinear3d(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> "
     "Tensor",
     text_upsample_linear1d_vec},
};

const tnn_spelling_table tnn_spellings_resize = {rows, sizeof rows / sizeof *rows};
