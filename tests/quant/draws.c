#include "draws.h"

#include <math.h>
#include <stdint.h>

const char *const draw_names[DRAW_N] = {"gauss", "half gauss", "laplace", "relu", "outliers", "skewed"};

static uint64_t state = 1;

/* Between 0 and 1, without either. */
static double uniform(void) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return ((double)(state >> 11) + 0.5) * 0x1p-53;
}

static double gauss(void) { return sqrt(-2 * log(uniform())) * cos(6.283185307179586 * uniform()); }

static double laplace(void) { return (uniform() < 0.5 ? 1 : -1) * log(uniform()); }

static double draw_one(draw_kind kind) {
    double g = gauss();
    switch (kind) {
    case DRAW_HALF_GAUSS: return fabs(g);
    case DRAW_LAPLACE: return laplace();
    case DRAW_RELU: return fmax(g, 0);
    case DRAW_OUTLIERS: return uniform() < 0.0005 ? 15 * g : g;
    case DRAW_SKEWED: return exp(g) - 1;
    case DRAW_GAUSS:
    case DRAW_N: break;
    }
    return g;
}

void draw(float *out, int n, draw_kind kind) {
    for (int i = 0; i < n; i++) out[i] = (float)draw_one(kind);
}
