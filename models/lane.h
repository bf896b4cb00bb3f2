/* The few loops over lanes that everything is made of. All rows are 64-byte aligned; `count` is a multiple of 16. */
#ifndef LTP_MODELS_LANE_H
#define LTP_MODELS_LANE_H

#include <stddef.h>

#include "models/model.h"

void ltp_lane_fill(double *restrict to, double value, size_t count);
void ltp_lane_copy(double *restrict to, const double *restrict from, size_t count);
/* to += from */
void ltp_lane_add(double *restrict to, const double *restrict from, size_t count);
/* to += value */
void ltp_lane_shift(double *restrict to, double value, size_t count);
/* to += scale · from */
void ltp_lane_add_scaled(double *restrict to, double scale, const double *restrict from, size_t count);
/* to *= 1 + from */
void ltp_lane_grow(double *restrict to, const double *restrict from, size_t count);
/* to = scale · from */
void ltp_lane_scale(double *restrict to, double scale, const double *restrict from, size_t count);
/* to = Σ weight · row[line], entries in order; 0 if there are none */
void ltp_lane_gather(double *restrict to, const ltp_entry *entry, int entry_count, const double *const *row,
                     size_t count);
/* to += Σ sign · row[0..row_count) */
void ltp_lane_sum(double *restrict to, double sign, const double *const *row, int row_count, size_t count);
/* Largest |value|. */
double ltp_lane_largest(const double *row, size_t count);

#endif
