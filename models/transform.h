/* One value of a table: the same arithmetic for the block loop and for the check at compile. */
#ifndef LTP_MODELS_TRANSFORM_H
#define LTP_MODELS_TRANSFORM_H

#include "models/family.h"

/* Cubic Hermite on the interval of z; z beyond ±8 takes the end's value, NaN the lower end's. The result never leaves
 * the interval between the values of its two knots, so rounding cannot break monotonicity from one interval to the
 * next, nor leave the support. */
static inline double ltp_table_value(const double *table, double z) {
    const double above = z > -LTP_TABLE_LIMIT ? z : -LTP_TABLE_LIMIT; /* false for NaN */
    const double inside = above < LTP_TABLE_LIMIT ? above : LTP_TABLE_LIMIT;
    const double place = (inside + LTP_TABLE_LIMIT) * (LTP_TABLE_INTERVALS / (2.0 * LTP_TABLE_LIMIT));
    const int whole = (int)place;
    const int interval = whole < LTP_TABLE_INTERVALS ? whole : LTP_TABLE_INTERVALS - 1;
    const double t = place - interval;
    const double value = table[2 * interval], slope = table[2 * interval + 1];
    const double next = table[2 * interval + 2], next_slope = table[2 * interval + 3];
    const double rise = next - value;
    const double cubic = slope + next_slope - 2.0 * rise;
    const double square = rise - slope - cubic;
    const double x = value + t * (slope + t * (square + t * cubic));
    const double least = x > value ? x : value;
    return least < next ? least : next;
}

#endif
