/* Sums of one series that do not depend on who adds, nor in what order (numerics: sums).
 *
 * A series is one number by path: a measure of one entity, item, layer and year. Within a block of LTP_BLOCK paths the
 * sums are double, in a fixed order; across blocks they are integers. Fixed point has its unit at the power of two
 * under the series' width, so that a £5bn gap and a £0.1m one are kept to the same relative resolution. */
#ifndef LTP_RESULTS_ACCUMULATE_H
#define LTP_RESULTS_ACCUMULATE_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/core/block.h"
#include "sim/core/status.h"

__extension__ typedef __int128 ltp_int128;

#define LTP_BIN_COUNT 256
#define LTP_EDGE_COUNT (LTP_BIN_COUNT - 1) /* interior edges; the outer bins are open */
#define LTP_BATCH_COUNT 64                 /* batch of a block = block mod 64 */
#define LTP_TAIL_COUNT 2
extern const double ltp_tail_level[LTP_TAIL_COUNT]; /* 0.90, 0.95 */

#define LTP_BLOCK_LIMIT UINT64_C(4194303) /* cumulative counts are 32 bits: 4.29e9 paths */

/* Binary digits after the point, in the series' own unit, of Σd, Σd², Σd³, and of squares of block means. */
enum { LTP_DIGITS_FIRST = 60, LTP_DIGITS_SECOND = 48, LTP_DIGITS_THIRD = 30, LTP_DIGITS_SQUARE = 56 };

/* Set by the pilot block, the same in every process. */
typedef struct {
    double centre;               /* c: the pilot's median; its mean without histogram */
    double width;                /* s > 0: max(sd, (P90 − P10)/2.563, 1e-4 of the scale) of the pilot */
    double tail[LTP_TAIL_COUNT]; /* q0: the pilot's P90, P95 */
    int exponent;                /* e: fixed-point unit 2^e ≤ s < 2^(e+1) */
} ltp_frame;

/* What one block of one series comes to, d = x − c. 64 bytes. */
typedef struct {
    double sum[3]; /* Σd, Σd², Σd³ */
    double minimum, maximum;
    double tail[LTP_TAIL_COUNT]; /* Σ(x − q0)₊; 0 without histogram */
    uint32_t below, at_most;     /* paths with x < 0, x ≤ 0 */
} ltp_block_sum;

/* All blocks of one series. Zeroed memory is the empty sum. */
typedef struct {
    ltp_int128 sum[3];                      /* ×2^(digits − order·e) */
    ltp_int128 mean_square;                 /* Σ over blocks of (Σd/1024)² */
    ltp_int128 tail[LTP_TAIL_COUNT];        /* Σ(x − q0)₊ */
    ltp_int128 tail_square[LTP_TAIL_COUNT]; /* Σ over blocks of (Σ(x − q0)₊/1024)² */
    uint64_t blocks, below, at_most;
    uint64_t below_square, at_most_square; /* Σ over blocks of the counts' squares */
    uint64_t zero_square;                  /* likewise of the paths that are 0: at_most − below */
    double minimum, maximum;
} ltp_series_sum;

/* Cumulative counts at the interior edges, over blocks. */
typedef struct {
    uint32_t below[LTP_EDGE_COUNT];  /* ΣC_b: paths under edge j+1 */
    uint64_t square[LTP_EDGE_COUNT]; /* ΣC_b² */
} ltp_histogram;

/* Headline series by batch of blocks. */
typedef struct {
    ltp_int128 sum[LTP_BATCH_COUNT]; /* Σd, as ltp_series_sum.sum[0] */
    uint32_t event[LTP_BATCH_COUNT]; /* paths with the measure's event */
} ltp_batch;

/* Frame of a series from its pilot row of LTP_BLOCK finite values; scale ≥ 0: base size of the quantity in its own
 * unit (0: unknown). A constant series gets a width from its scale, else 1. `work`: LTP_BLOCK doubles. */
void ltp_frame_pilot(ltp_frame *frame, const double *row, double scale, double *work);
/* The same for a series without histogram, of which no quantile is asked: centre = mean, width from the sd. */
void ltp_frame_pilot_plain(ltp_frame *frame, const double *row, double scale);

/* Position of edge j (0..LTP_BIN_COUNT) in widths from the centre: 3w/(1−|w|), w = j/128 − 1; ±∞ at the ends. */
double ltp_edge_position(int edge);

/* Moments, extremes and counts of LTP_BLOCK values (64-byte aligned). 16 strided partial sums, then a halving tree. */
void ltp_block_moments(const double *restrict row, double centre, ltp_block_sum *restrict sum);
/* The same without the counts, for series without event and histogram. */
void ltp_block_moments_only(const double *restrict row, double centre, ltp_block_sum *restrict sum);
/* The same of values that are 0 or 1, from their number alone. */
void ltp_block_indicator(const double *restrict row, double centre, ltp_block_sum *restrict sum);
/* Adds Σ(x − q0)₊ of both levels to sum->tail. */
void ltp_block_tails(const double *restrict row, const double tail[LTP_TAIL_COUNT], ltp_block_sum *restrict sum);
/* count[LTP_BIN_COUNT] = paths by bin; the values must lie within 2^32 widths of the centre. */
void ltp_block_histogram(const double *restrict row, double centre, double width, uint16_t *restrict count);

/* Whether every value is finite and within the reach of fixed point (2^32 units; about 4e9 widths). */
typedef enum { LTP_RANGE_FINE = 0, LTP_RANGE_NOT_FINITE, LTP_RANGE_TOO_FAR } ltp_range;
ltp_range ltp_block_range(const ltp_frame *frame, const ltp_block_sum *sum);

/* Adds a block whose range is fine. false: a sum left 128 bits (the sum is then spoilt). */
bool ltp_series_add(ltp_series_sum *sum, const ltp_frame *frame, const ltp_block_sum *block);
void ltp_histogram_add(ltp_histogram *histogram, const uint16_t *count);
bool ltp_batch_add(ltp_batch *batch, const ltp_frame *frame, unsigned index, const ltp_block_sum *block,
                   uint32_t event);

/* a ← a + b, same frame. false: overflow. */
bool ltp_series_merge(ltp_series_sum *a, const ltp_series_sum *b);
void ltp_histogram_merge(ltp_histogram *a, const ltp_histogram *b);

/* Fixed point and back: x·2^digits to an integer, and the double nearest to integer·2^−digits. */
ltp_int128 ltp_fixed(double x, int digits);
double ltp_unfixed(ltp_int128 fixed, int digits);

#endif
