/* Output measures: one descriptor row each, in measure.c. A measure is a quantity of the models with a sign, summed
 * over the organisations that its filter lets through. */
#ifndef LTP_RESULTS_MEASURE_H
#define LTP_RESULTS_MEASURE_H

#include <stdbool.h>

#include "sim/core/roster.h"

typedef enum { LTP_AXIS_NONE = 0, LTP_AXIS_SERVICE, LTP_AXIS_STREAM, LTP_AXIS_LINE } ltp_measure_axis;
typedef enum {
    LTP_FILTER_ALL = 0,
    LTP_FILTER_COMMISSIONER,
    LTP_FILTER_PROVIDER,
    LTP_FILTER_NOT_NHS_ENGLAND
} ltp_measure_filter;

/* The event whose probability is stored: a count of paths that is exact. */
typedef enum { LTP_EVENT_NONE = 0, LTP_EVENT_AT_MOST_ZERO, LTP_EVENT_AT_LEAST_ZERO } ltp_event;

#define LTP_BIT(x) (1u << (x))

typedef struct {
    const char *name, *long_name, *units; /* units "" on activity: each service's own */
    ltp_quantity plus;                    /* the quantity */
    int minus;                            /* a second quantity taken off, or −1: gap = cost − income */
    ltp_measure_axis axis;
    ltp_measure_filter filter; /* which organisations count at system level and above */
    bool by_layer;             /* false: do_nothing only, no layer axis */
    bool per_head;             /* also stored divided by the population, £ per head */
    unsigned levels;           /* bit mask of ltp_level: where it is measured */
    unsigned histogram;        /* where it has a histogram, hence quantiles */
    bool headline;             /* batch means, batch probabilities and cumulative counts are stored */
    ltp_event event_kind;      /* the event in a form to compute with */
    const char *event;         /* of which P is the probability: "gap at most 0"; NULL: no probability stored */
    const char *doc;
} ltp_measure;

extern const ltp_measure ltp_measures[];
extern const size_t ltp_measure_count;
const ltp_measure *ltp_measure_find(const char *name);

#endif
