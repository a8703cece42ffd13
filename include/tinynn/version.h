/* The version of the library. */
#ifndef TINYNN_VERSION_H
#define TINYNN_VERSION_H

#include "tinynn/error.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TINYNN_VERSION "0.1.0"

/* TINYNN_VERSION of the library that runs. */
TNN_API const char *tnn_version(void);

#ifdef __cplusplus
}
#endif
#endif
