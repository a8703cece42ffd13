#include "tinynn/version.h"

const char *tnn_version(void) {
    return TINYNN_VERSION;
}
