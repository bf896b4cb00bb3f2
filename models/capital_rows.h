/* Rows of capital: what capital*.c share. Internal to models. */
#ifndef LTP_MODELS_CAPITAL_ROWS_H
#define LTP_MODELS_CAPITAL_ROWS_H

#include "models/state.h"

#define LTP_NOT_OPEN 1e300
#define LTP_FAILURE_KEPT 4 /* costs of so many failures are kept for the variants that follow */

/* Block rows of one capital variant. */
typedef struct {
    /* remembered from year to year */
    double *level;        /* [line] backlog: £m at base prices; equipment: £m left; capacity: beds that stand or are
                             being built */
    double *age;          /* [scheme] phases called so far, 0: not started */
    double *arrears;      /* [scheme] share of the cost called but not funded */
    double *asset;        /* [scheme] £m beyond base depreciation */
    double *clearing;     /* [scheme] £m at base prices of high-risk backlog that it takes on */
    double *opening;      /* [scheme] years since the start of year 1, LTP_NOT_OPEN */
    double *depreciation; /* [estate] £m of next year, of what is no scheme */
    double *added; /* [estate × 2 × kept] £m beyond base depreciation by year of spending: buildings, equipment */
    double *net;   /* [estate] net assets added, £m at the end of the year */
    /* handed over: shared by the variants of one slot */
    double *need, *spend, *carried; /* [line] £m */
    double *scheme_spend;           /* [scheme] £m */
    double *complete;               /* [scheme] 1, 0 */
    double *charge, *failure;       /* [estate] £m */
} ltp_capital_variant_rows;

typedef struct ltp_capital_rows {
    ltp_capital_variant_rows *variant;
    double *input;   /* [input] block rows */
    double *uniform; /* [failing] block rows: one a year, for the count */
    double *cost;    /* [failing × kept] block rows: costs of a path's first failures, summed up */
    uint8_t *drawn;  /* [failing × lane] how many of them have been drawn */
    int kept;        /* years of spending that `added` remembers; 0: no life ends within the horizon */
    /* tile rows */
    double *use;     /* [estate] beds that the year's activity needs */
    double *called;  /* [scheme] 1 where it has started or might, else 0 */
    double *due;     /* [scheme] share of the cost that is called: arrears and the year's phase */
    double *wanted;  /* [scheme] £m of that */
    double *funded;  /* [scheme] share of that */
    double *beds;    /* [line] beds to be built */
    double *built;   /* [estate] £m spent on backlog and beds */
    double *left;    /* £m left of a system's envelope */
    double *balance; /* £m of all sources that was drawn, less what was spent: 0 */
    double *revenue; /* [variant × estate] £m: charges and failures */
    double *outside; /* [variant] £m of them all */
    double *scratch[5];
} ltp_capital_rows;

static inline bool ltp_scheme_in(const ltp_model *model, const ltp_capital_variant *variant, int scheme) {
    return variant->every_scheme || model->capital.scheme[scheme].mandatory;
}

/* One variant in one tile of lanes. */
typedef struct {
    const ltp_model *model;
    ltp_state *state;
    ltp_capital_rows *rows;
    ltp_capital_variant_rows *own;
    const ltp_capital_variant *variant;
    int year;
    size_t lane;
} ltp_capital_view;

static inline double *ltp_capital_row(const ltp_capital_view *view, double *rows, int index) {
    return ltp_block_row(rows, index) + view->lane;
}
/* An input's row; `otherwise` where there is none. */
static inline const double *ltp_capital_input_row(const ltp_capital_view *view, int input, const double *otherwise) {
    return (input < 0 ? otherwise : ltp_block_row(view->rows->input, input)) + view->lane;
}

/* Beds that the activity of a variant needs. */
void ltp_capital_use(const ltp_model *model, const ltp_state *state, int activity);
void ltp_capital_call(const ltp_capital_view *view); /* what schemes call at the start of the year */
/* What a line needs at the start of the year; total += it. */
void ltp_capital_line_need(const ltp_capital_view *view, int line, double *total);
void ltp_capital_fund(const ltp_capital_view *view); /* what is funded and spent of it, and what is left */
/* Where `started` is 1, what the scheme clears and adds is needed no more. */
void ltp_capital_take_on(const ltp_capital_view *view, int scheme, const double *started);
void ltp_capital_charges(const ltp_capital_view *view); /* depreciation and dividend */
void ltp_capital_failures(const ltp_capital_view *view);

#endif
