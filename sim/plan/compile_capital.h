/* Capital while it is read: what compile_capital.c and compile_scheme.c share. */
#ifndef LTP_PLAN_COMPILE_CAPITAL_H
#define LTP_PLAN_COMPILE_CAPITAL_H

#include "sim/plan/compile.h"

/* What the tables say of one organisation. */
typedef struct {
    bool has[LTP_NEED_COUNT];
    double amount[LTP_NEED_COUNT], growth[LTP_RISK_COUNT];
    double cost_per_bed, equipment_share, clears;
    bool envelope_scheme;
} ltp_capital_tally;

/* Provider that a cell names, −1 after a problem. */
int ltp_capital_provider(ltp_compile_context *c, const ltp_cell *code, const char *key);
/* A driver that may not be negative: an error at `at` where it may. */
void ltp_capital_check_driver(ltp_compile_context *c, int driver, ltp_position at, const char *key, const char *what);

/* --- compile_scheme.c --- */
/* Schemes of the table, by system, priority and code; estates are not known yet: `estate` is the organisation. */
void ltp_compile_schemes(ltp_compile_context *c, ltp_capital_tally *tally);

#endif
