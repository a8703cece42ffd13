#include "ops/refused.h"

#include <stdbool.h>
#include <string.h>

const char tnn_undefined_operator[] = "it is not PyTorch's own, and is not defined: see --custom-ops";

const tnn_refused_row tnn_refused_rows[] = {
    {"fft_* stft istft _fft_* complex polar view_as_complex _conj_physical linalg_eig linalg_eigvals",
     "complex numbers have no operators in TFLite"},
    {"unique_dim unique_consecutive unique_dim_consecutive _unique _unique2 bincount",
     "its result has as many elements as the data say, and shapes are fixed in a file"},
    {"svd linalg_svd linalg_svdvals _linalg_svd linalg_eigh linalg_eigvalsh _linalg_eigh linalg_lstsq linalg_pinv pinverse "
     "linalg_matrix_rank linalg_cond",
     "it iterates until singular or eigenvalues converge, and no operator of TFLite does"},
    {"linalg_ldl_factor linalg_ldl_factor_ex linalg_ldl_solve linalg_householder_product ormqr orgqr geqrf matrix_exp "
     "linalg_matrix_exp",
     "no operator of TFLite factors matrices"},
    {"*_backward *_backward_data", "it computes gradients, which are for training"},
    {"_ctc_loss ctc_loss", "its recursion follows the lengths of the targets, which the data say"},
    {"segment_reduce", "the lengths of its segments are data, and shapes are fixed in a file"},
    {"nextafter frexp hash_tensor", "it works on the bits of floating numbers, which no operator of TFLite shows"},
    {"igamma igammac special_gammainc special_gammaincc special_zeta polygamma special_polygamma mvlgamma special_multigammaln "
     "special_airy_ai special_bessel_* special_modified_bessel_* special_scaled_modified_bessel_* "
     "special_chebyshev_* special_shifted_chebyshev_* special_hermite_* special_laguerre_* special_legendre_*",
     "no operators of TFLite give it to the precision of float32"},
    {"gcd lcm", "it divides until a remainder is 0, and how often that takes are data"},
    {"_pack_padded_sequence _pad_packed_sequence",
     "a packed sequence has as many rows a step as the data say; give the layer padded sequences and mask its result"},
    {"allclose equal is_nonzero item _local_scalar_dense", "it takes a decision or a number of Python from the data"},
    {"cauchy geometric log_normal randperm_like standard_gamma _standard_gamma binomial _sample_dirichlet",
     "it draws random numbers, and a file gives the same result each time"},
    {"torchvision.nms",
     "it keeps as many boxes as the data say: let the model return boxes and scores, and select in the program"},
    {"torchvision.roi_align torchvision.roi_pool torchvision.ps_roi_align torchvision.ps_roi_pool",
     "its windows lie where the boxes say: let the model return features and boxes, and crop in the program"},
    {"torchvision.deform_conv2d",
     "it samples where its offsets say: express it by grid_sample for each place of the kernel, and a convolution"},
    {"fractional_max_pool2d fractional_max_pool3d", "its windows are drawn at random"},
    {"quantized.* quantize_per_tensor quantize_per_tensor_dynamic quantize_per_channel dequantize int_repr q_scale q_zero_point",
     "the model was quantized by torch.ao: save the float model that it was made from"},
    {"to_dense _to_dense", "it takes a tensor out of the layout of one backend: save the model before it is optimized for inference"},
    {"resize resize_as", "it gives a tensor's memory another shape in place; use reshape, or a slice"},
    {"histogram histogramdd _histogramdd_bin_cts _histogramdd_bin_edges",
     "its edges are tensors that it makes itself; histc counts between two numbers"},
};

const size_t tnn_n_refused_rows = sizeof tnn_refused_rows / sizeof *tnn_refused_rows;

/* Is the listed name, of `n_listed` characters, the one that is given? A star at either end stands for anything. */
static bool is_named(const char *listed, size_t n_listed, const char *name, size_t n) {
    bool head = listed[n_listed - 1] == '*', tail = listed[0] == '*';
    size_t n_fixed = n_listed - (head || tail);
    if (n < n_fixed) return false;
    if (tail) return memcmp(name + n - n_fixed, listed + 1, n_fixed) == 0;
    return (head || n == n_fixed) && memcmp(name, listed, n_fixed) == 0;
}

static bool is_among(const char *names, const char *name, size_t n) {
    for (size_t n_listed; *names != '\0'; names += n_listed + (names[n_listed] == ' ')) {
        n_listed = strcspn(names, " ");
        if (is_named(names, n_listed, name, n)) return true;
    }
    return false;
}

const char *tnn_refused_reason(const char *name, size_t n) {
    for (size_t i = 0; i < tnn_n_refused_rows; i++)
        if (is_among(tnn_refused_rows[i].names, name, n)) return tnn_refused_rows[i].reason;
    return n > 1 && name[n - 1] == '_' ? tnn_refused_reason(name, n - 1) : NULL;
}
