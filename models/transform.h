/* One value of a table: the same arithmetic for the block loop and for the check at compile. */
#ifndef LTP_MODELS_TRANSFORM_H
#define LTP_MODELS_TRANSFORM_H

#include "models/family.h"

/* Always: what is not inlined into a clone of LTP_HOT is compiled for the oldest instruction set only. */
#define LTP_INLINE static inline __attribute__((always_inline))

/* Where z falls: the interval, and the place in it from 0 to 1. z beyond ±8 falls on the end, NaN on the lower one. */
LTP_INLINE double ltp_table_place(double z, int *interval) {
    const double above = z > -LTP_TABLE_LIMIT ? z : -LTP_TABLE_LIMIT; /* false for NaN */
    const double inside = above < LTP_TABLE_LIMIT ? above : LTP_TABLE_LIMIT;
    const double place = (inside + LTP_TABLE_LIMIT) * (LTP_TABLE_INTERVALS / (2.0 * LTP_TABLE_LIMIT));
    const int whole = (int)place;
    *interval = whole < LTP_TABLE_INTERVALS ? whole : LTP_TABLE_INTERVALS - 1;
    return place - *interval;
}

/* Cubic Hermite between two knots: node = value, slope × width, next value, next slope × width. The result never
 * leaves the interval between the two values, so rounding cannot break monotonicity from one interval to the next, nor
 * leave the support. */
LTP_INLINE double ltp_table_between(const double *node, double t) {
    const double value = node[0], slope = node[1], next = node[2], next_slope = node[3];
    const double rise = next - value;
    const double cubic = slope + next_slope - 2.0 * rise;
    const double square = rise - slope - cubic;
    const double x = value + t * (slope + t * (square + t * cubic));
    const double least = x > value ? x : value;
    return least < next ? least : next;
}

LTP_INLINE double ltp_table_value(const double *table, double z) {
    int interval;
    const double t = ltp_table_place(z, &interval);
    return ltp_table_between(table + 2 * interval, t);
}

#endif
