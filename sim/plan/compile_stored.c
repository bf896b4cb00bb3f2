/* What was compiled with GSL: stored with a result, so that it can be run again bit by bit. */
#include <string.h>

#include "sim/plan/compile.h"

static void add(ltp_compile_context *c, ltp_compiled_array array) {
    array.unit = "1";
    ltp_compile_push(c, &c->compiled, sizeof array, &array);
}

static const char *name_of(ltp_compile_context *c, const char *what, const char *name, const char *part) {
    char *text;
    if (ltp_pool_format(c->pool, &text, c->error, "%s %s %s", what, name, part) != LTP_OK)
        longjmp(c->out_of_memory, 1);
    return text;
}

static void add_transform(ltp_compile_context *c, const char *what, const char *name, const char *part,
                          const ltp_transform *transform) {
    const char *full = name_of(c, what, name, part);
    if (transform->kind == LTP_TRANSFORM_TABLE) {
        add(c, (ltp_compiled_array){.name = full,
                                    .doc = "knots of x = Q(Phi(z)), |z| at most 8: value, slope times width",
                                    .rows = LTP_TABLE_INTERVALS + 1,
                                    .columns = 2,
                                    .value = transform->table});
    } else if (transform->kind == LTP_TRANSFORM_STEP) {
        add(c, (ltp_compiled_array){.name = full,
                                    .doc = "values of a step transform, rising",
                                    .rows = transform->step_count,
                                    .columns = 1,
                                    .value = transform->step_value});
        if (transform->step_count > 1)
            add(c, (ltp_compiled_array){.name = name_of(c, full, "thresholds", "in z"),
                                        .doc = "thresholds of a step transform, rising",
                                        .rows = transform->step_count - 1,
                                        .columns = 1,
                                        .value = transform->threshold});
    } else {
        double *line = COMPILE_NEW(c, 2, double);
        line[0] = transform->intercept;
        line[1] = transform->slope;
        add(c, (ltp_compiled_array){
                   .name = full, .doc = "x = intercept + slope z", .rows = 1, .columns = 2, .value = line});
    }
}

static bool same(const ltp_transform *a, const ltp_transform *b) {
    return a->kind == b->kind && a->intercept == b->intercept && a->slope == b->slope && a->table == b->table &&
           a->step_value == b->step_value;
}

void ltp_compile_stored(ltp_compile_context *c) {
    for (int d = 0; d < c->driver.count; d++) {
        const ltp_compile_driver *driver = COMPILE_AT(c->driver, ltp_compile_driver, d);
        for (int t = 0; t < c->year_count; t++)
            if (t == 0 || !same(&driver->transform[t], &driver->transform[t - 1]))
                add_transform(c, "driver", driver->name, c->scenario->year_label[t + 1], &driver->transform[t]);
    }
    for (int e = 0; e < c->event.count; e++)
        add_transform(c, "event", COMPILE_AT(c->event, ltp_compile_event, e)->name, "severity",
                      COMPILE_AT(c->event, ltp_compile_event, e)->severity);
    for (size_t k = 0; k < c->copula.component_count; k++) {
        const ltp_copula_component *component = &c->copula.component[k];
        const char *name = COMPILE_AT(c->driver, ltp_compile_driver, component->driver[0])->name;
        add(c, (ltp_compiled_array){.name = name_of(c, "copula", name, "first"),
                                    .doc = "Cholesky factor of the first year, drivers in name order",
                                    .rows = component->count,
                                    .columns = component->count,
                                    .value = component->first});
        add(c, (ltp_compiled_array){.name = name_of(c, "copula", name, "later"),
                                    .doc = "Cholesky factor of later years, drivers in name order",
                                    .rows = component->count,
                                    .columns = component->count,
                                    .value = component->later});
    }
    c->plan->compiled = c->compiled.item;
    c->plan->compiled_count = c->compiled.count;
}
