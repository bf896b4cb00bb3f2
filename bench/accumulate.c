/* Nanoseconds a value of each step of the collector's arithmetic, processor time, best of 5, with the series' memory
 * cold as in a run. One line a step: name value unit. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "results/accumulate.h"
#include "sim/core/memory.h"

#define SERIES 4000
#define ROWS 64 /* 512 KB of rows, in L2 as the models leave them */

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Sum of 12 uniforms, near enough to a normal for a timing. */
static double normal(uint64_t *state) {
    double sum = -6;
    for (int i = 0; i < 12; i++) {
        *state += UINT64_C(0x9E3779B97F4A7C15);
        uint64_t z = (*state ^ (*state >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
        z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
        sum += (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
    }
    return sum;
}

#define TIME(name, statement)                                                                                          \
    do {                                                                                                               \
        double best = INFINITY;                                                                                        \
        for (int repeat = 0; repeat < 5; repeat++) {                                                                   \
            const double start = now();                                                                                \
            for (size_t s = 0; s < SERIES; s++) {                                                                      \
                const double *x = row + (s % ROWS) * LTP_BLOCK;                                                        \
                statement;                                                                                             \
                (void)x;                                                                                               \
            }                                                                                                          \
            const double took = now() - start;                                                                         \
            best = took < best ? took : best;                                                                          \
        }                                                                                                              \
        printf("%-56s %12.3f ns/value\n", name, best * 1e9 / SERIES / LTP_BLOCK);                                      \
    } while (0)

int main(void) {
    ltp_error error;
    double *row, *work;
    ltp_block_sum *block;
    ltp_series_sum *sum;
    uint16_t *count;
    ltp_histogram *histogram;
    if (LTP_NEW(&row, ROWS * LTP_BLOCK, "rows", &error) || LTP_NEW(&work, LTP_BLOCK, "work", &error) ||
        LTP_NEW(&block, SERIES, "block sums", &error) || LTP_NEW(&sum, SERIES, "sums", &error) ||
        LTP_NEW(&count, SERIES * LTP_BIN_COUNT, "counts", &error) ||
        LTP_NEW(&histogram, SERIES, "histograms", &error)) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    uint64_t state = 1;
    for (size_t i = 0; i < ROWS * LTP_BLOCK; i++)
        row[i] = 75 + 62 * normal(&state);
    ltp_frame frame;
    TIME("statistics.pilot_frame", ltp_frame_pilot(&frame, x, 1000, work));
    TIME("statistics.moments_extremes_counts", ltp_block_moments(x, frame.centre, &block[s]));
    TIME("statistics.tails", ltp_block_tails(x, frame.tail, &block[s]));
    TIME("statistics.histogram", ltp_block_histogram(x, frame.centre, frame.width, count + s * LTP_BIN_COUNT));
    TIME("statistics.add_integers", if (!ltp_series_add(&sum[s], &frame, &block[s])) return 1);
    TIME("statistics.add_histogram", ltp_histogram_add(&histogram[s], count + s * LTP_BIN_COUNT));
    printf("%-56s %12zu bytes/series\n", "statistics.memory_moments", sizeof(ltp_series_sum) + sizeof(ltp_frame));
    printf("%-56s %12zu bytes/series\n", "statistics.memory_histogram", sizeof(ltp_histogram));
    printf("%-56s %12zu bytes/series\n", "statistics.memory_of_each_thread",
           sizeof(ltp_block_sum) + LTP_BIN_COUNT * sizeof(uint16_t));
    ltp_free(histogram);
    ltp_free(count);
    ltp_free(sum);
    ltp_free(block);
    ltp_free(work);
    ltp_free(row);
    return 0;
}
