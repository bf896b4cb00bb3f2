/* Output measures: one descriptor row each, in measure.c. A measure is a quantity of the models with a sign, summed
 * over the organisations that its filter lets through. */
#ifndef LTP_RESULTS_MEASURE_H
#define LTP_RESULTS_MEASURE_H

#include <stdbool.h>

#include "sim/core/roster.h"

typedef enum {
    LTP_AXIS_NONE = 0,
    LTP_AXIS_SERVICE,
    LTP_AXIS_STREAM,
    LTP_AXIS_LINE,
    LTP_AXIS_GROUP, /* staff group */
    LTP_AXIS_NEED   /* capital need */
} ltp_measure_axis;
typedef enum {
    LTP_FILTER_ALL = 0,
    LTP_FILTER_COMMISSIONER,
    LTP_FILTER_PROVIDER,
    LTP_FILTER_NOT_NHS_ENGLAND
} ltp_measure_filter;

/* The event whose probability is stored: a count of paths that is exact. */
typedef enum {
    LTP_EVENT_NONE = 0,
    LTP_EVENT_AT_MOST_ZERO,
    LTP_EVENT_AT_LEAST_ZERO,
    LTP_EVENT_ABOVE_ZERO,
    LTP_EVENT_NOT_ZERO
} ltp_event;

/* How organisations make a system; regions and England are made likewise, from all their systems' organisations. */
typedef enum {
    LTP_COMBINE_SUM = 0, /* Σ share · organisation; an indicator is taken of the sum */
    /* Σ share · plus ÷ Σ share · over, for an organisation its own ratio, and an indicator of the ratio. Nothing over
     * nothing is nothing: where what is below the line is 0, the ratio is 0, and a threshold above 0 is not reached. */
    LTP_COMBINE_RATIO,
    /* 1 where each organisation that has the quantity reaches the threshold in the year, whatever its share; the years
     * are looked at afterwards, which for "in every year" comes to the same as each organisation's years first */
    LTP_COMBINE_EVERY
} ltp_combine;

/* What a path's value is turned into, before it is counted. */
typedef enum {
    LTP_INDICATOR_NONE = 0,   /* itself */
    LTP_INDICATOR_AT_LEAST,   /* 1 where value ≥ the threshold, else 0 */
    LTP_INDICATOR_EVERY_YEAR, /* … and so in every year before */
    LTP_INDICATOR_FIRST_YEAR  /* … and in no year before */
} ltp_indicator;

/* The threshold of an indicator: 0, or a number of the roster. */
typedef enum { LTP_THRESHOLD_ZERO = 0, LTP_THRESHOLD_PRODUCTIVITY } ltp_threshold;

#define LTP_BIT(x) (1u << (x))

typedef struct {
    const char *name, *long_name, *units; /* units "": each service's own (service_unit), each plan line's (unit) */
    ltp_quantity plus;                    /* the quantity; its level is the measure's home */
    int minus;                            /* a second quantity taken off, or −1: gap = cost − income */
    ltp_measure_axis axis;
    ltp_measure_filter filter; /* which organisations count at system level and above */
    ltp_combine combine;
    ltp_quantity over; /* LTP_COMBINE_RATIO: the quantity below the line */
    ltp_indicator indicator;
    ltp_threshold threshold;
    bool by_layer;        /* false: one layer only, no layer axis: do_nothing … */
    bool of_plan;         /* … or, if this is set, the plan */
    bool per_head;        /* also stored divided by the population, £ per head */
    unsigned levels;      /* bit mask of ltp_level: where it is measured; its home, systems and up of organisations */
    unsigned histogram;   /* where it has a histogram, hence quantiles */
    bool headline;        /* batch means, batch probabilities and cumulative counts are stored */
    ltp_event event_kind; /* the event in a form to compute with */
    const char *event;    /* of which P is the probability: "gap at most 0"; NULL: no probability stored */
    const char *heading;  /* of the probability in a table: "P(met)"; NULL without an event */
    const char *doc;
} ltp_measure;

extern const ltp_measure ltp_measures[];
extern const size_t ltp_measure_count;
const ltp_measure *ltp_measure_find(const char *name);

#endif
