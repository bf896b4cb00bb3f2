/* Payment mechanisms: what £1 of base value of a flow becomes. One file each (mechanism_*.c) exporting one const
 * struct, listed in mechanism_list.h. */
#ifndef LTP_MODELS_MECHANISM_H
#define LTP_MODELS_MECHANISM_H

#include <stdbool.h>
#include <stddef.h>

#include "models/model.h"

/* What a line's index counts in. */
typedef enum { LTP_INDEX_RATE = 0, LTP_INDEX_PRICE, LTP_INDEX_BLOCK, LTP_INDEX_LAMBDA } ltp_index_kind;

/* One line in one year, tile rows. */
typedef struct {
    const double *activity; /* a: patients treated, base = 1; NULL where the mechanism does not follow them */
    const double *plan;     /* a_plan of a blended line */
    const double *index;    /* the index row; NULL where `given` stands for it */
    double given, other;    /* block: index of the year; fixed: payer's amount and payee's less payer's, £m */
    double share;           /* blended: variable share, fraction */
} ltp_line_view;

typedef struct ltp_mechanism {
    const char *name; /* as in flows.csv */
    const char *doc;
    const char *formula;
    ltp_index_kind index;
    bool follows_activity; /* paid by activity at all */
    bool pays_activity;    /* what is paid for is the activity itself, so `volume` is not written */
    bool tariff;           /* only for services under tariff */
    /* unit: £ per £1 of base value (fixed: £m). volume: what is paid for at base prices, base = 1, where activity is
     * followed but not paid for one by one. */
    void (*pay)(const ltp_line_view *line, double *restrict volume, double *restrict unit, size_t count);
} ltp_mechanism;

const ltp_mechanism *const *ltp_mechanism_all(size_t *count); /* in the order of flows.csv's values */
const ltp_mechanism *ltp_mechanism_find(const char *name);

#endif
