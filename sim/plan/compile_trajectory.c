#include "sim/plan/compile.h"

void ltp_compile_trajectories(ltp_compile_context *c) {
    (void)c;
}
