#include "sim/plan/compile.h"

void ltp_compile_floors(ltp_compile_context *c) {
    (void)c;
}
