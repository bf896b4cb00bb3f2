/* Nanoseconds per draw of the kernels of sim/core/draw.h, beside GSL's, one thread.
 * Prints one line a kernel: name value unit. The value is the median of REPEATS timings of BLOCKS blocks, processor
 * time. */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "sim/core/draw.h"

#define REPEATS 15
#define BLOCKS 400

static double row[LTP_BLOCK] __attribute__((aligned(64)));
static uint16_t permutation[LTP_BLOCK] __attribute__((aligned(64)));
static gsl_rng *generator;
static volatile double sink; /* keeps the work from being optimised away */

static ltp_draw_key key_of(uint32_t block) {
    return (ltp_draw_key){2019, ltp_hash_name("driver", "price.pay"), LTP_MEMBER_NATIONAL, 1, block};
}

static void normal_lhs(uint32_t block) {
    const ltp_draw_key key = key_of(block);
    ltp_draw_normal(&key, LTP_SAMPLING_LHS, row);
}

static void normal_plain(uint32_t block) {
    const ltp_draw_key key = key_of(block);
    ltp_draw_normal(&key, LTP_SAMPLING_RANDOM, row);
}

static void uniform_lhs(uint32_t block) {
    const ltp_draw_key key = key_of(block);
    ltp_draw_uniform(&key, LTP_SAMPLING_LHS, row);
}

static void uniform_plain(uint32_t block) {
    const ltp_draw_key key = key_of(block);
    ltp_draw_uniform(&key, LTP_SAMPLING_RANDOM, row);
}

static void permutation_six(uint32_t block) {
    const ltp_draw_key key = key_of(block);
    ltp_draw_permutation(&key, 6, permutation);
    row[0] = permutation[block % LTP_BLOCK];
}

static void path_uniform(uint32_t block) {
    const ltp_draw_key key = key_of(block);
    for (uint32_t i = 0; i < LTP_BLOCK; i++)
        row[i] = ltp_draw_plain(&key, i, 0);
}

static void quantile(uint32_t block) {
    for (int i = 0; i < LTP_BLOCK; i++)
        row[i] = ltp_normal_quantile((i + 0.25 + 0.001 * (block % 512)) / LTP_BLOCK);
}

static void gsl_ziggurat(uint32_t block) {
    (void)block;
    for (int i = 0; i < LTP_BLOCK; i++)
        row[i] = gsl_ran_gaussian_ziggurat(generator, 1.0);
}

static void gsl_quantile(uint32_t block) {
    for (int i = 0; i < LTP_BLOCK; i++)
        row[i] = gsl_cdf_ugaussian_Pinv((i + 0.25 + 0.001 * (block % 512)) / LTP_BLOCK);
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int by_value(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median_ns(void (*kernel)(uint32_t block)) {
    double time[REPEATS];
    kernel(0);
    for (int repeat = 0; repeat < REPEATS; repeat++) {
        const double start = seconds();
        for (uint32_t block = 0; block < BLOCKS; block++) {
            kernel(block);
            sink = row[block % LTP_BLOCK];
        }
        time[repeat] = (seconds() - start) * 1e9 / ((double)BLOCKS * LTP_BLOCK);
    }
    qsort(time, REPEATS, sizeof time[0], by_value);
    return time[REPEATS / 2];
}

int main(void) {
    static const struct {
        const char *name;
        void (*kernel)(uint32_t block);
    } all[] = {
        {"draw.normal_lhs", normal_lhs},       {"draw.normal_plain", normal_plain},
        {"draw.uniform_lhs", uniform_lhs},     {"draw.uniform_plain", uniform_plain},
        {"draw.permutation", permutation_six}, {"draw.path_uniform", path_uniform},
        {"draw.quantile", quantile},           {"gsl.gaussian_ziggurat_mt19937", gsl_ziggurat},
        {"gsl.ugaussian_Pinv", gsl_quantile},
    };
    generator = gsl_rng_alloc(gsl_rng_mt19937);
    if (!generator) {
        fprintf(stderr, "bench/draw: no memory for GSL's generator\n");
        return EXIT_FAILURE;
    }
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        printf("%-56s %12.3f ns/draw\n", all[i].name, median_ns(all[i].kernel));
    gsl_rng_free(generator);
    return EXIT_SUCCESS;
}
