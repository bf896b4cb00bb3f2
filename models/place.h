/* Laying out a state's memory: one function that runs twice, with base NULL it only counts. */
#ifndef LTP_MODELS_PLACE_H
#define LTP_MODELS_PLACE_H

#include <stddef.h>

#include "sim/core/block.h"

typedef struct ltp_model ltp_model;
typedef struct ltp_state ltp_state;

typedef struct {
    char *base; /* NULL: count only, every pointer handed out is NULL */
    size_t used;
} ltp_placing;

/* Zeroed, 64-byte aligned. */
void *ltp_place_items(ltp_placing *to, size_t count, size_t size);
double *ltp_place_block_rows(ltp_placing *to, int count);
double *ltp_place_tile_rows(ltp_placing *to, int count);
const double **ltp_place_table(ltp_placing *to, int count);

#endif
