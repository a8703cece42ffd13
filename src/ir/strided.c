/* Merging and viewing windows. */
#include "ir/strided.h"

tnn_strided tnn_strided_merge(uint8_t rank, const int64_t *dims, const int64_t *strides) {
    tnn_strided merged = {0};
    for (uint8_t d = 0; d < rank; d++) {
        if (dims[d] == 1) continue;
        uint8_t last = merged.rank;
        if (last != 0 && merged.strides[last - 1] == strides[d] * dims[d]) {
            merged.dims[last - 1] *= dims[d];
            merged.strides[last - 1] = strides[d];
            continue;
        }
        merged.dims[last] = dims[d];
        merged.strides[last] = strides[d];
        merged.rank++;
    }
    return merged;
}

/* Split one merged dimension among new dims, from new dim `end` - 1 outward. Returns where the next merged dimension
 * ends, or -1 when the sizes do not fit. */
static int split(int64_t size, int64_t stride, int end, const int64_t *new_dims, int64_t *new_strides) {
    while (size > 1) {
        if (end == 0 || size % new_dims[end - 1] != 0) return -1;
        end--;
        new_strides[end] = new_dims[end] == 1 ? 0 : stride;
        stride *= new_dims[end];
        size /= new_dims[end];
    }
    return end;
}

bool tnn_strided_view(const tnn_strided *merged, uint8_t new_rank, const int64_t *new_dims,
                      int64_t *new_strides) {
    int end = new_rank;
    for (int d = merged->rank - 1; d >= 0; d--) {
        end = split(merged->dims[d], merged->strides[d], end, new_dims, new_strides);
        if (end < 0) return false;
    }
    for (; end > 0; end--) {
        if (new_dims[end - 1] != 1) return false;
        new_strides[end - 1] = 0;
    }
    return true;
}

int64_t tnn_strided_place(const tnn_strided *merged, int64_t index) {
    int64_t place = 0;
    for (int d = merged->rank - 1; d >= 0; d--) {
        place += index % merged->dims[d] * merged->strides[d];
        index /= merged->dims[d];
    }
    return place;
}
