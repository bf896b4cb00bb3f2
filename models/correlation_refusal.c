/* Messages on correlations that cannot be. Every value offered has been tried: it works when typed as printed. */
#include "models/correlation_refusal.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "models/cholesky.h"
#include "models/nearest_correlation.h"
#include "sim/core/memory.h"

#define ROUNDING 1e-12 /* a pair at its bound is not beyond it */
#define NAMES_SHOWN 8
#define CHANGES_SHOWN 12
#define NEAREST_AT_MOST 100 /* drivers: beyond, the search takes minutes and the list would not fit */

/* Text that grows to a fixed size. */
typedef struct {
    char text[700];
    size_t used;
} ltp_phrase;

__attribute__((format(printf, 2, 3))) static void add(ltp_phrase *phrase, const char *format, ...) {
    va_list list;
    va_start(list, format);
    const int length = vsnprintf(phrase->text + phrase->used, sizeof phrase->text - phrase->used, format, list);
    va_end(list);
    const size_t room = sizeof phrase->text - 1 - phrase->used;
    phrase->used += (size_t)length < room ? (size_t)length : room;
}

double ltp_correlation_bound(double persistence_a, double persistence_b) {
    if (persistence_a == persistence_b)
        return 1.0;
    return sqrt((1.0 - persistence_a) * (1.0 + persistence_a) * (1.0 - persistence_b) * (1.0 + persistence_b)) /
           (1.0 - persistence_a * persistence_b);
}

static double pair_bound(const ltp_correlation_group *group, size_t i, size_t j) {
    return ltp_correlation_bound(group->persistence[i], group->persistence[j]);
}

bool ltp_innovation_correlation(const ltp_correlation_group *group, double *innovation) {
    const size_t count = group->count;
    bool within = true;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < count; j++) {
            const double bound = pair_bound(group, i, j), correlation = group->correlation[i * count + j];
            const bool still = group->persistence[i] == 1.0 || group->persistence[j] == 1.0;
            innovation[i * count + j] = i == j ? 1.0 : still ? 0.0 : correlation / bound;
            within = within && (i == j || fabs(correlation) <= bound + ROUNDING);
        }
    }
    return within;
}

/* R and C both possible: what the build itself asks. scratch: 2·count² doubles. */
static bool possible(const ltp_correlation_group *group, const double *correlation, double *scratch) {
    const ltp_correlation_group trial = {group->count, group->name, group->persistence, correlation};
    double *innovation = scratch, *lower = scratch + group->count * group->count;
    return ltp_cholesky(group->count, correlation, lower) && ltp_innovation_correlation(&trial, innovation) &&
           ltp_cholesky(group->count, innovation, lower);
}

/* nearest ← the nearest possible R, rounded towards 0 to 3 decimals, drawn in by thousandths until it is possible as
 * printed. With persistence the nearest C is sought and R taken from it. scratch: 3·count². */
static ltp_status find_nearest(const ltp_correlation_group *group, double *nearest, double *scratch, ltp_error *error) {
    const size_t count = group->count, cells = count * count;
    double *exact = scratch, *start = scratch + cells, *trial = scratch + cells;
    for (size_t i = 0; i < cells; i++) {
        const double bound = pair_bound(group, i / count, i % count);
        start[i] = i % (count + 1) == 0 ? 1.0 : bound > 0.0 ? group->correlation[i] / bound : 0.0;
    }
    const ltp_status status = ltp_nearest_correlation(count, start, exact, error);
    if (status != LTP_OK)
        return status;
    for (int thousandth = 1000; thousandth >= 0; thousandth--) {
        for (size_t i = 0; i < cells; i++) {
            const double bound = pair_bound(group, i / count, i % count);
            const double value = exact[i] * bound * thousandth;
            /* + 1e-4: what Higham left at 0.49999999 stays 0.5; + 0.0: no −0 */
            nearest[i] = i % (count + 1) == 0 ? 1.0 : copysign(floor(fabs(value) + 1e-4), value) / 1000.0 + 0.0;
        }
        if (possible(group, nearest, trial))
            break;
    }
    return LTP_OK;
}

/* "'a'–'b' 0.9 → 0.76, …", largest changes first. changed: count² flags as doubles. */
static void add_changes(ltp_phrase *phrase, const ltp_correlation_group *group, const double *nearest) {
    const size_t count = group->count;
    double last = INFINITY;
    size_t last_at = 0, left = 0;
    for (size_t i = 0; i < count * count; i++)
        left += i / count < i % count && fabs(nearest[i] - group->correlation[i]) > 5e-4;
    for (int shown = 0; left > 0; shown++, left--) {
        size_t best = 0;
        double most = -1.0;
        for (size_t i = 0; i < count * count; i++) { /* the next in (change falling, place rising) order */
            const double change = fabs(nearest[i] - group->correlation[i]);
            const bool later = change < last || (change == last && i > last_at);
            if (i / count < i % count && later && change > most) {
                most = change;
                best = i;
            }
        }
        if (shown == CHANGES_SHOWN || phrase->used + 120 > sizeof phrase->text) {
            add(phrase, " and %zu more", left);
            return;
        }
        add(phrase, "%s'%s'–'%s' %.4g → %.4g", shown ? ", " : "", group->name[best / count], group->name[best % count],
            group->correlation[best], nearest[best]);
        last = most;
        last_at = best;
    }
}

static void add_names(ltp_phrase *phrase, const ltp_correlation_group *group) {
    for (size_t i = 0; i < group->count && i < NAMES_SHOWN; i++)
        add(phrase, "%s'%s'", i ? ", " : "", group->name[i]);
    if (group->count > NAMES_SHOWN)
        add(phrase, " and %zu more", group->count - NAMES_SHOWN);
}

/* "multiply … by at most 0.83; nearest possible: …". Reports its own failures as the status. */
static ltp_status add_remedies(ltp_phrase *phrase, const ltp_correlation_group *group, bool shrink, ltp_error *error) {
    const size_t count = group->count, cells = count * count;
    double *nearest; /* then C or R to shrink, and scratch */
    ltp_status status = LTP_NEW(&nearest, 5 * cells, "the nearest correlation matrix", error);
    if (status != LTP_OK)
        return status;
    double *innovation = nearest + cells, *scratch = nearest + 2 * cells;
    if (shrink) {
        ltp_innovation_correlation(group, innovation);
        const double of_c = ltp_largest_shrink(count, innovation, scratch);
        const double of_r = ltp_largest_shrink(count, group->correlation, scratch);
        add(phrase, "multiply every one of them by %.3g or less", of_c < of_r ? of_c : of_r);
    }
    if (count <= NEAREST_AT_MOST)
        status = find_nearest(group, nearest, scratch, error);
    if (count <= NEAREST_AT_MOST && status == LTP_OK) {
        add(phrase, "%sthe nearest possible (Higham 2002): ", shrink ? ", or use " : "");
        add_changes(phrase, group, nearest);
    }
    ltp_free(nearest);
    return status;
}

ltp_status ltp_refuse_correlation(const ltp_correlation_group *group, ltp_error *error) {
    ltp_phrase names = {.used = 0}, remedy = {.used = 0};
    add_names(&names, group);
    const ltp_status status = add_remedies(&remedy, group, true, error);
    if (status != LTP_OK)
        return status;
    return ltp_error_set(error, LTP_ERROR_INPUT,
                         "the correlations of %s contradict one another: no numbers can have them all at once; %s",
                         names.text, remedy.text);
}

/* The pair that comes closest to its bound, or goes furthest beyond. */
static void find_worst(const ltp_correlation_group *group, size_t *a, size_t *b) {
    double worst = -1.0;
    for (size_t i = 0; i < group->count; i++) {
        for (size_t j = i + 1; j < group->count; j++) {
            const double correlation = fabs(group->correlation[i * group->count + j]);
            const double bound = pair_bound(group, i, j);
            const double share = correlation == 0.0 ? 0.0 : correlation / bound;
            if (share > worst) {
                worst = share;
                *a = i;
                *b = j;
            }
        }
    }
}

ltp_status ltp_refuse_persistence(const ltp_correlation_group *group, ltp_error *error) {
    size_t a = 0, b = 1;
    ltp_phrase names = {.used = 0}, remedy = {.used = 0};
    find_worst(group, &a, &b);
    const double correlation = group->correlation[a * group->count + b], bound = pair_bound(group, a, b);
    const bool beyond = fabs(correlation) > bound + ROUNDING;
    add_names(&names, group);
    const ltp_status status = add_remedies(&remedy, group, !beyond, error);
    if (status != LTP_OK)
        return status;
    const double usable = floor(bound * 1e4) / 1e4;
    if (beyond)
        return ltp_error_set(error, LTP_ERROR_INPUT,
                             "correlation of '%s' (persistence %g) and '%s' (persistence %g) is %g; with these "
                             "persistences it can be at most %.4g in size (sqrt((1−φa²)(1−φb²))/(1−φaφb)), with equal "
                             "ones any; %s",
                             group->name[a], group->persistence[a], group->name[b], group->persistence[b], correlation,
                             usable, remedy.text);
    return ltp_error_set(error, LTP_ERROR_INPUT,
                         "the correlations of %s cannot hold in every year with their persistences: each pair alone is "
                         "within its bound (the tightest, '%s' and '%s', is %g of at most %.4g), but all together they "
                         "contradict one another; %s",
                         names.text, group->name[a], group->name[b], correlation, usable, remedy.text);
}
