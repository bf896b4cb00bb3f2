/* A programme while it is read: what compile_programme.c, compile_action.c, compile_touch.c and compile_variation.c
 * share. */
#ifndef LTP_PLAN_COMPILE_PROGRAMME_H
#define LTP_PLAN_COMPILE_PROGRAMME_H

#include "sim/plan/compile.h"

typedef struct {
    ltp_compile_context *c;
    const ltp_table *table;
    int index;
    const ltp_compile_programme *programme;
    size_t row;
    bool *target; /* [organisation] */
    bool has_targets;
    bool all_services, all_categories;
    bool *service, *category;
    double effect;
    bool money;
} ltp_programme_reading;

const ltp_cell *ltp_programme_cell(const ltp_programme_reading *p, int column);
/* An error at one of its cells: "programme 'CODE': text". */
void ltp_programme_problem(const ltp_programme_reading *p, int column, const char *key, const char *expected,
                           const char *text);

/* --- compile_action.c --- */
/* Months since the start of year 1: the date counts them from April of the base year. */
double ltp_programme_start(const ltp_programme_reading *p);
/* The planned first year; what starts before year 1 draws in year 1. */
int ltp_programme_start_year(double months);
/* The programme with the draws of `party`; effect: fraction or £m; price: of the line, for money, else −1. */
int ltp_programme_action(const ltp_programme_reading *p, int party, double effect, int price);

/* --- compile_touch.c --- */
/* An action of the programme acts on a cost line, flow or staff group. */
void ltp_programme_touch(const ltp_programme_reading *p, ltp_compile_touch_kind kind, int on, int action);
bool ltp_programme_targets_cost(const ltp_programme_reading *p, const ltp_cost *cost);
/* What each kind acts on; says so where that is nothing. */
void ltp_programme_touch_all(ltp_programme_reading *p);

/* --- compile_workforce.c --- */
/* Touches of a programme of kind workforce: how many. */
int ltp_programme_touch_workforce(const ltp_programme_reading *p);

/* --- compile_variation.c --- */
/* Touches of a programme of kind variation: how many. */
int ltp_programme_touch_variation(const ltp_programme_reading *p);

#endif
