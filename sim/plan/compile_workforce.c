#include "sim/plan/compile.h"

void ltp_compile_workforce(ltp_compile_context *c) {
    (void)c;
}

void ltp_compile_workforce_variants(ltp_compile_context *c, ltp_layer *layer, int count) {
    (void)c;
    for (int l = 0; l < count; l++)
        layer[l].workforce = -1;
}
