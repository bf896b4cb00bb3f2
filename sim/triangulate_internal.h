/* What the parts of triangulation's text share. Internal to triangulate_text.c and its neighbours. */
#ifndef LTP_TRIANGULATE_INTERNAL_H
#define LTP_TRIANGULATE_INTERNAL_H

#include "sim/grid.h"
#include "sim/text.h"
#include "sim/triangulate.h"

enum { NAME_WIDTH = 48, CELL_WIDTH = 26, LIST_LIMIT = 10, DECIMAL_LIMIT = 6 };

/* Stops at the first failure. */
typedef struct {
    const ltp_triangulation *t;
    const ltp_triangulate_view *view;
    FILE *to;
    ltp_grid *grid;
    ltp_status status;
    ltp_error *error;
    int decimals;
} ltp_triangulate_printer;

#define CELL(p, ...) ((p)->status = (p)->status ? (p)->status : ltp_grid_cell((p)->grid, (p)->error, __VA_ARGS__))
#define NUMBER(p, value, decimals)                                                                                     \
    ((p)->status = (p)->status ? (p)->status : ltp_grid_number((p)->grid, value, decimals, (p)->error))
#define LINE(p, indent, ...)                                                                                           \
    ((p)->status = (p)->status ? (p)->status : ltp_grid_line((p)->grid, indent, (p)->error, __VA_ARGS__))
#define GRID(p, indent, columns)                                                                                       \
    ((p)->status = (p)->status ? (p)->status                                                                           \
                               : ltp_grid_create(&(p)->grid, (p)->t->pool, indent,                                     \
                                                 sizeof(columns) / sizeof *(columns), columns, (p)->error))

typedef char ltp_words[2 * LTP_GRID_TEXT];
typedef char ltp_name[LTP_GRID_TEXT];

/* The decimals of `least`, or as many as it takes until the amount is not 0. */
int ltp_triangulate_decimals(double amount, int least);
/* "£3.2m", without its sign. */
const char *ltp_triangulate_money(char out[64], double amount, int decimals);
/* "£0.5m or 1% of the payer's figure, whichever is larger" */
const char *ltp_triangulate_tolerance(const ltp_triangulate_printer *p, ltp_words out);
/* "payer plans £3.2m less than payee expects" */
const char *ltp_triangulate_sentence(ltp_words out, const char *payer, const char *payee, double difference,
                                     int decimals);
/* "Trust T (T)", cut to fit. */
const char *ltp_triangulate_title(const ltp_triangulate_printer *p, const char *code, ltp_name out);
/* A paragraph wrapped at 80 columns, later lines from `column` on; label as in ltp_print_wrapped. */
void ltp_triangulate_say(const ltp_triangulate_printer *p, int indent, const char *label, int column,
                         const char *format, ...) __attribute__((format(printf, 5, 6)));

static inline const char *ltp_triangulate_year(const ltp_triangulate_printer *p, int year) {
    return p->t->plan->scenario->year_label[year];
}

static inline const char *ltp_plural(size_t count) {
    return count == 1 ? "" : "s";
}

void ltp_triangulate_print_risk(ltp_triangulate_printer *p);
void ltp_triangulate_print_plans(ltp_triangulate_printer *p);
void ltp_triangulate_print_certificate(ltp_triangulate_printer *p);

#endif
