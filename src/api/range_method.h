/* The public names of the methods that choose ranges, as those of the library. */
#ifndef TNN_API_RANGE_METHOD_H
#define TNN_API_RANGE_METHOD_H

#include "quant/range.h"
#include "tinynn/statistics.h"

static inline tnn_range_method tnn_range_method_of(tnn_calibration_method method) {
    switch (method) {
    case TNN_CALIBRATION_MINMAX: return TNN_RANGE_MINMAX;
    case TNN_CALIBRATION_AVERAGE: return TNN_RANGE_AVERAGE;
    case TNN_CALIBRATION_PERCENTILE: return TNN_RANGE_PERCENTILE;
    case TNN_CALIBRATION_KL: return TNN_RANGE_KL;
    case TNN_CALIBRATION_L2: break;
    }
    return TNN_RANGE_L2;
}

#endif
