/* Numbers of well-known distributions, the same in every run. */
#ifndef TNN_TESTS_DRAWS_H
#define TNN_TESTS_DRAWS_H

typedef enum draw_kind { DRAW_GAUSS, DRAW_HALF_GAUSS, DRAW_LAPLACE, DRAW_RELU, DRAW_OUTLIERS, DRAW_SKEWED, DRAW_N } draw_kind;

extern const char *const draw_names[DRAW_N];

void draw(float *out, int n, draw_kind kind);

#endif
