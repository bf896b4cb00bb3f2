/* Factors, values and variables: what drivers and events are at a member, made once when something asks. */
#include <math.h>
#include <string.h>

#include "sim/plan/compile.h"

/* Chain of normals of a driver at one level's member. `member`: place or party, by level; 0 nationally. */
static int factor(ltp_compile_context *c, int driver_index, int level, int member, int last_year) {
    const ltp_compile_driver *driver = COMPILE_AT(c->driver, ltp_compile_driver, driver_index);
    bool found;
    int at = ltp_compile_intern(c, &c->factor_map, (ltp_compile_key){{driver_index, level, member}}, &found);
    if (!found) {
        ltp_factor new = {.stream = driver->stream,
                          .persistence = driver->persistence,
                          .innovation = sqrt(1.0 - driver->persistence * driver->persistence),
                          .member = LTP_MEMBER_NATIONAL,
                          .copula = level == LTP_SHARE_NATIONAL && driver->component >= 0};
        if (level == LTP_SHARE_SYSTEM)
            new.member = ltp_hash_name("system", *COMPILE_AT(c->system_place, const char *, member));
        else if (level == LTP_SHARE_ORGANISATION)
            new.member = ltp_hash_name("organisation", ltp_compile_party_at(c, member)->code);
        ltp_compile_push(c, &c->factor, sizeof new, &new);
    }
    ltp_factor *factor = COMPILE_AT(c->factor, ltp_factor, at);
    if (factor->last_year < last_year)
        factor->last_year = last_year;
    return at;
}

int ltp_compile_value(ltp_compile_context *c, int driver_index, int place, int party, int last_year) {
    const ltp_compile_driver *driver = COMPILE_AT(c->driver, ltp_compile_driver, driver_index);
    const int member[LTP_SHARE_COUNT] = {0, driver->share[LTP_SHARE_SYSTEM] > 0.0 ? place : -1,
                                         driver->share[LTP_SHARE_ORGANISATION] > 0.0 ? party : -1};
    ltp_value value = {.transform = driver->transform};
    for (int k = 0; k < LTP_SHARE_COUNT; k++) {
        value.factor[k] = driver->share[k] > 0.0 ? factor(c, driver_index, k, member[k], last_year) : -1;
        value.weight[k] = sqrt(driver->share[k]);
    }
    bool found;
    int at = ltp_compile_intern(c, &c->value_map, (ltp_compile_key){{driver_index, member[1], member[2]}}, &found);
    if (!found)
        ltp_compile_push(c, &c->value, sizeof value, &value);
    return at;
}

static int event_row(ltp_compile_context *c, int event_index, int place, int party) {
    const ltp_compile_event *event = COMPILE_AT(c->event, ltp_compile_event, event_index);
    const int member = event->scope == LTP_SCOPE_NATIONAL ? 0 : event->scope == LTP_SCOPE_SYSTEM ? place : party;
    bool found;
    int at = ltp_compile_intern(c, &c->event_map, (ltp_compile_key){{event_index, member}}, &found);
    if (found)
        return at;
    ltp_rare_event new = {.start_stream = ltp_hash_name("event.start", event->name),
                          .severity_stream = ltp_hash_name("event.severity", event->name),
                          .member = LTP_MEMBER_NATIONAL,
                          .probability = event->probability,
                          .first_year = event->first_year,
                          .last_year = event->last_year,
                          .duration = event->duration,
                          .severity = event->severity};
    if (event->scope == LTP_SCOPE_SYSTEM)
        new.member = ltp_hash_name("system", *COMPILE_AT(c->system_place, const char *, place));
    else if (event->scope == LTP_SCOPE_ORGANISATION)
        new.member = ltp_hash_name("organisation", ltp_compile_party_at(c, party)->code);
    return ltp_compile_push(c, &c->event_row, sizeof new, &new);
}

static bool targets(const char *target, const char *const *wanted, int count) {
    for (int k = 0; k < count; k++)
        if (strcmp(target, wanted[k]) == 0)
            return true;
    return false;
}

static bool event_targets(const ltp_compile_event *event, const char *const *wanted, int count) {
    for (int k = 0; k < event->target_count; k++)
        if (targets(event->target[k], wanted, count))
            return true;
    return false;
}

/* Expected severity under way in year t: probability × mean for each start that still lasts. */
static double event_mean(const ltp_compile_event *event, int t) {
    double mean = 0.0;
    for (int start = t - event->duration + 1; start <= t; start++)
        if (start >= event->first_year && start <= event->last_year)
            mean += event->probability * event->severity->mean;
    return mean;
}

static int target_id(ltp_compile_context *c, const char *target) {
    for (int k = 0; k < c->target.count; k++)
        if (strcmp(*COMPILE_AT(c->target, const char *, k), target) == 0)
            return k;
    return ltp_compile_push(c, &c->target, sizeof target, &target);
}

/* Finest member that something acting on the targets distinguishes: whether place, party matter. */
static bool scopes(const ltp_compile_context *c, const char *const *target, int count, bool *by_place, bool *by_party) {
    bool any = false;
    *by_place = *by_party = false;
    for (int d = 0; d < c->driver.count; d++) {
        const ltp_compile_driver *driver = COMPILE_AT(c->driver, ltp_compile_driver, d);
        if (!targets(driver->target, target, count) || !driver->transform)
            continue;
        any = true;
        *by_place |= driver->share[LTP_SHARE_SYSTEM] > 0.0;
        *by_party |= driver->share[LTP_SHARE_ORGANISATION] > 0.0;
    }
    for (int e = 0; e < c->event.count; e++) {
        const ltp_compile_event *event = COMPILE_AT(c->event, ltp_compile_event, e);
        if (!event_targets(event, target, count) || !event->severity)
            continue;
        any = true;
        *by_place |= event->scope == LTP_SCOPE_SYSTEM;
        *by_party |= event->scope == LTP_SCOPE_ORGANISATION;
    }
    return any;
}

static void fill_variable(ltp_compile_context *c, ltp_variable *variable, const char *const *target, int count,
                          int place, int party) {
    int *value = COMPILE_NEW(c, c->driver.count, int), *event = COMPILE_NEW(c, c->event.count, int);
    double *expected = COMPILE_NEW(c, c->year_count, double);
    for (int d = 0; d < c->driver.count; d++) {
        const ltp_compile_driver *driver = COMPILE_AT(c->driver, ltp_compile_driver, d);
        if (!targets(driver->target, target, count) || !driver->transform)
            continue;
        value[variable->value_count++] = ltp_compile_value(c, d, place, party, c->year_count);
        for (int t = 1; t <= c->year_count; t++)
            expected[t - 1] += driver->transform[t - 1].mean;
    }
    for (int e = 0; e < c->event.count; e++) {
        const ltp_compile_event *one = COMPILE_AT(c->event, ltp_compile_event, e);
        if (!event_targets(one, target, count) || !one->severity)
            continue;
        event[variable->event_count++] = event_row(c, e, place, party);
        for (int t = 1; t <= c->year_count; t++)
            expected[t - 1] += event_mean(one, t);
    }
    variable->value = value;
    variable->event = event;
    variable->expected = expected;
}

int ltp_compile_variable(ltp_compile_context *c, const char *const *target, int count, int place, int party) {
    bool by_place, by_party, found;
    if (!scopes(c, target, count, &by_place, &by_party))
        return -1;
    ltp_compile_key key = {{target_id(c, target[0]), count > 1 ? target_id(c, target[1]) : -1, by_place ? place : -1,
                            by_party ? party : -1}};
    int at = ltp_compile_intern(c, &c->variable_map, key, &found);
    if (!found) {
        ltp_variable variable = {0};
        fill_variable(c, &variable, target, count, place, party);
        ltp_compile_push(c, &c->variable, sizeof variable, &variable);
    }
    return at;
}

const double *ltp_compile_target_mean(ltp_compile_context *c, const char *target, bool *any) {
    double *mean = COMPILE_NEW(c, c->year_count, double);
    *any = false;
    for (int d = 0; d < c->driver.count; d++) {
        const ltp_compile_driver *driver = COMPILE_AT(c->driver, ltp_compile_driver, d);
        if (strcmp(driver->target, target) != 0 || !driver->transform)
            continue;
        *any = true;
        for (int t = 1; t <= c->year_count; t++)
            mean[t - 1] += driver->transform[t - 1].mean;
    }
    for (int e = 0; e < c->event.count; e++) {
        const ltp_compile_event *event = COMPILE_AT(c->event, ltp_compile_event, e);
        if (!event_targets(event, &target, 1) || !event->severity)
            continue;
        *any = true;
        for (int t = 1; t <= c->year_count; t++)
            mean[t - 1] += event_mean(event, t);
    }
    return mean;
}

static int held_number(ltp_compile_context *c, int value, int year, double number, double factor) {
    int bits[2];
    double scaled = value < 0 ? number * factor : factor;
    memcpy(bits, &scaled, sizeof bits);
    bool found;
    int at =
        ltp_compile_intern(c, &c->held_map, (ltp_compile_key){{value, value < 0 ? 0 : year, bits[0], bits[1]}}, &found);
    if (!found) {
        ltp_held held = {.value = value, .year = year, .constant = number * factor, .factor = factor};
        ltp_compile_push(c, &c->held, sizeof held, &held);
    }
    return at;
}

int ltp_compile_held(ltp_compile_context *c, const ltp_cell *cell, double factor, int place, int party, int year) {
    int driver = cell->present ? ltp_compile_driver_find(c, cell->text) : -1;
    if (driver < 0 || !COMPILE_AT(c->driver, ltp_compile_driver, driver)->transform)
        return held_number(c, -1, 0, cell->present ? cell->number : 0.0, factor);
    return held_number(c, ltp_compile_value(c, driver, place, party, year), year, 0.0, factor);
}
