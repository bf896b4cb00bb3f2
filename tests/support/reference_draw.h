/* The drivers of one path for the reference ledger: every draw by its name, every chain and mix written out. */
#ifndef LTP_TESTS_SUPPORT_REFERENCE_DRAW_H
#define LTP_TESTS_SUPPORT_REFERENCE_DRAW_H

#include "models/family.h"
#include "tests/support/reference.h"

#define REFERENCE_DRIVER_MAX 64

struct reference {
    const ltp_scenario *scenario;
    uint32_t block;
    size_t path;
    size_t party_count;
    double *balance;  /* [party] received less paid */
    double *activity; /* [flow × (years + 1)] worked out so far, else NaN */
    ltp_pool *pool;
    size_t driver_count;
    size_t driver[REFERENCE_DRIVER_MAX]; /* rows of drivers.csv, by name */
    double national[LTP_YEAR_MAX][REFERENCE_DRIVER_MAX];
    ltp_transform *transform; /* [driver × years], [event] behind them */
};

void reference_draw_open(reference *r);
void reference_draw_close(reference *r);

/* Whether any driver or event acts on the target. */
bool reference_targeted(const reference *r, const char *target);
/* What acts on a target at a system (or other place) and party: values and events add. */
double reference_x(const reference *r, const char *target, const char *place, const char *party, int year);
/* Its mean. */
double reference_expected(const reference *r, const char *target, int year);

#endif
