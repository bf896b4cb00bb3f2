/* ns per value of ltp_transform_apply, each kind of transform: tiles of LTP_TILE lanes of one row, as the block loop
 * uses it. Processor time, the smallest of nine runs. One line a transform: name value unit, and what compiling it
 * took. */
#include <gsl/gsl_errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>

#include "models/family.h"
#include "sim/core/block.h"
#include "sim/core/draw.h"

#define ROUNDS 2000

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void measure(const char *family, ltp_family_input input, const char *what, ltp_pool *pool) {
    static _Alignas(64) double z[LTP_BLOCK], x[LTP_BLOCK];
    const ltp_draw_key key = {.seed = 1, .stream = ltp_hash_name("driver", family), .year = 1, .block = 0};
    uint64_t beyond = 0;
    ltp_transform transform;
    ltp_error problem;
    double best = 1e9;
    const double start = seconds();
    if (ltp_family_compile(ltp_family_find(family), &input, pool, &transform, &problem) != LTP_OK) {
        printf("%s: %s\n", family, problem.message);
        return;
    }
    const double compile = seconds() - start;
    ltp_draw_normal(&key, LTP_SAMPLING_LHS, z);
    for (int run = 0; run < 9; run++) {
        const double from = seconds();
        for (int round = 0; round < ROUNDS; round++)
            for (size_t lane = 0; lane < LTP_BLOCK; lane += LTP_TILE)
                ltp_transform_apply(&transform, z + lane, x + lane, LTP_TILE, &beyond);
        const double each = (seconds() - from) * 1e9 / ((double)ROUNDS * LTP_BLOCK);
        best = each < best ? each : best;
    }
    printf("%-56s %12.3f ns/value     compiled in %.3f ms\n", what, best, 1e3 * compile);
}

#define P(NAME, VALUE) .given[LTP_PARAMETER_##NAME] = true, .value[LTP_PARAMETER_##NAME] = (VALUE)

int main(void) {
    double history[400];
    ltp_pool *pool;
    ltp_error problem;
    gsl_set_error_handler_off();
    if (ltp_pool_create(&pool, &problem) != LTP_OK)
        return 1;
    for (int i = 0; i < 400; i++)
        history[i] = i;
    measure("normal", (ltp_family_input){P(MEAN, 0.02), P(SD, 0.01)}, "transform.normal", pool);
    measure("lognormal", (ltp_family_input){P(MEAN, 1.0), P(SD, 0.4)}, "transform.lognormal", pool);
    measure("beta", (ltp_family_input){P(MEAN, 0.8), P(SD, 0.05)}, "transform.beta", pool);
    measure("gamma", (ltp_family_input){P(MEAN, 1.0), P(SD, 0.4)}, "transform.gamma", pool);
    for (size_t count = 3; count <= 400; count += count < 12 ? 4 : count < 40 ? 7 : 180) {
        char what[64];
        snprintf(what, sizeof what, "transform.empirical_%zu_values", count);
        measure("empirical", (ltp_family_input){.atom_count = count, .atom = history}, what, pool);
    }
    measure("poisson", (ltp_family_input){P(RATE, 2.3)}, "transform.poisson_rate_2.3", pool);
    ltp_pool_destroy(pool);
    return 0;
}
