/* Test 4: demand moderation. Nobody has published a threshold, so the criterion is the least that can be asked: less
 * activity than if nothing is done, in every service that a programme acts on, and a gain for the system, not for one
 * side of the contract alone. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "results/report/assess_internal.h"

static const char *number_of(const ltp_assess *a, size_t test) {
    const char *number = strrchr(a->test[test], '_');
    return number ? number + 1 : a->test[test];
}

static const ltp_assess_number none = {NAN, NAN, NAN, NAN};

/* --- activity --------------------------------------------------------------------------------------------------- */

/* Growth taken off a year, in percentage points: do nothing's yearly growth less the plan's, from the base year to
 * the year looked at. Growth of do nothing over the modelled years stands for all of them. */
static double points(ltp_assess *a, size_t item, double share) {
    const ltp_assess_place first = {.code = a->s, .item = item}, last = {.code = a->s, .item = item, .year = a->last};
    const double begin = ltp_assess_get(a, "system", "activity", "mean", first).value;
    const double end = ltp_assess_get(a, "system", "activity", "mean", last).value;
    const double growth = a->last > 0 && begin > 0 ? pow(end / begin, 1.0 / (double)a->last) : 1;
    return 100 * growth * (1 - pow(1 - share, 1.0 / (double)(a->last + 1)));
}

/* "attendance" → "attendances"; a unit that is no plain word stays. */
static const char *many(ltp_assess *a, const char *unit) {
    const size_t length = strlen(unit);
    const char end = length ? unit[length - 1] : ' ';
    return end >= 'a' && end <= 'z' && end != 's' && end != 'y' ? ltp_assess_format(a, "%ss", unit) : unit;
}

/* Services with activity avoided; the least probability that it is. */
static ltp_assess_number list_services(ltp_assess *a, size_t test, ltp_assess_criterion *line) {
    const ltp_view *view = ltp_assess_view(a, "system", "demand_avoided");
    ltp_assess_number least = none;
    char text[LTP_ASSESS_TEXT] = "";
    size_t count;
    const char *const *unit = NULL;
    if (!ltp_assess_labels(a, "system", "service_unit", &count, &unit) || count != view->items)
        unit = NULL;
    for (size_t i = 0; i < view->items; i++) {
        const ltp_assess_place place = {.layer = a->at_layer, .code = a->s, .item = i, .year = a->last};
        const ltp_assess_place nothing = {.code = a->s, .item = i, .year = a->last};
        const ltp_assess_number avoided = ltp_assess_get(a, "system", "demand_avoided", "mean", place);
        const ltp_assess_number p = ltp_assess_get(a, "system", "demand_avoided", "probability", place);
        const double activity = ltp_assess_get(a, "system", "activity", "mean", nothing).value;
        if (!(avoided.value > 0) || !(activity > 0))
            continue;
        const double share = avoided.value / activity, less = points(a, i, share);
        char amount[48];
        ltp_format_number(avoided.value, fmax(avoided.error, 5e-4 * avoided.value), amount, NULL);
        ltp_assess_append(text, sizeof text, "%s%s %s%s%s (%.1f%%, %.2f points a year)", *text ? "; " : "",
                          view->item_name[i], amount, unit ? " " : "", unit ? many(a, unit[i]) : "", 100 * share, less);
        ltp_assess_add_system(a, "tests", number_of(a, test), view->item[i], a->year[a->last], "demand_avoided",
                              avoided);
        ltp_assess_add_system(a, "tests", number_of(a, test), view->item[i], a->year[a->last], "growth_avoided_points",
                              (ltp_assess_number){less, NAN, NAN, NAN});
        if (!isnan(p.value) && !(p.value >= least.value))
            least = p;
    }
    if (*text)
        ltp_assess_reason(line, "Avoided in %s: %s.", a->year[a->last], text);
    return least;
}

/* --- money ------------------------------------------------------------------------------------------------------ */

/* What the layer of the test takes off a gap of the system, from the layer before it. */
static double taken_off(ltp_assess *a, const char *measure, size_t layer) {
    const ltp_assess_place before = {.layer = layer - 1, .code = a->s, .year = a->last};
    const ltp_assess_place after = {.layer = layer, .code = a->s, .year = a->last};
    return ltp_assess_get(a, "system", measure, "mean", before).value -
           ltp_assess_get(a, "system", measure, "mean", after).value;
}

/* … off the cost of the system's providers. */
static double provider_cost(ltp_assess *a, size_t layer) {
    double sum = 0;
    for (size_t o = 0; o < a->organisation.count; o++) {
        const ltp_assess_place before = {.layer = layer - 1, .code = o, .year = a->last};
        const ltp_assess_place after = {.layer = layer, .code = o, .year = a->last};
        if (ltp_assess_member(a, o) && ltp_assess_sector(a, o, "provider"))
            sum += ltp_assess_get(a, "organisation", "cost", "mean", before).value -
                   ltp_assess_get(a, "organisation", "cost", "mean", after).value;
    }
    return sum;
}

/* The step of the test in the system's bridge, with its error. */
static ltp_assess_number step_of(ltp_assess *a, size_t test) {
    size_t tests, means, errors;
    const char *const *label;
    if (!ltp_assess_labels(a, "bridge", "test", &tests, &label))
        return none;
    const size_t at = ltp_assess_find(label, tests, a->test[test]);
    const double *mean = ltp_assess_array(a, "bridge", "system_step_mean", &means);
    const double *error = ltp_assess_array(a, "bridge", "system_step_se", &errors);
    if (at == SIZE_MAX || !mean || means != tests * a->system.count * a->year_count)
        return none;
    const size_t place = (at * a->system.count + a->s) * a->year_count + a->last;
    return (ltp_assess_number){mean[place], error && errors == means ? error[place] : NAN, NAN, NAN};
}

static const char *gains(ltp_assess *a, double gain, double error) {
    const bool even = fabs(gain) < 0.05 || fabs(gain) < 2 * error;
    return even ? "gains nothing"
                : ltp_assess_format(a, "%s %s", gain > 0 ? "gains" : "loses", ltp_assess_money(a, gain, error));
}

/* Who saves and who bears it; whether the system gains. */
static bool list_money(ltp_assess *a, size_t test, ltp_assess_criterion *line) {
    const size_t layer = ltp_assess_find(a->layer, a->layer_count, a->test[test]);
    const ltp_assess_number step = step_of(a, test);
    const ltp_assess_number stranded = ltp_assess_at(a, "system", "stranded_cost", "mean", a->s, a->last);
    if (layer == SIZE_MAX || layer == 0 || layer > a->at_layer || isnan(step.value))
        return true;
    const double payer = taken_off(a, "gap_commissioner", layer), provider = taken_off(a, "gap_provider", layer);
    const double cost = provider_cost(a, layer);
    const double moved = fmin(payer, -provider);
    const char *year = a->year[a->last], *number = number_of(a, test);
    ltp_assess_reason(line,
                      "In %s, net of what the programmes cost, commissioners %s %s; providers' cost %s by %s; the "
                      "system %s.",
                      year, payer >= 0 ? "save" : "lose", ltp_assess_money(a, payer, NAN),
                      cost >= 0 ? "falls" : "rises", ltp_assess_money(a, cost, NAN), gains(a, step.value, step.error));
    if (cost - provider > 0.05)
        ltp_assess_reason(line, "Providers' income falls by %s: what commissioners no longer pay them.",
                          ltp_assess_money(a, cost - provider, NAN));
    if (moved > 0.05)
        ltp_assess_reason(line, "Moved, not saved: %s from commissioners to providers.",
                          ltp_assess_money(a, moved, NAN));
    if (stranded.value > 0.05)
        ltp_assess_reason(line, "Stranded at providers: %s of cost that avoided activity has not freed.",
                          ltp_assess_money(a, stranded.value, stranded.error));
    const struct {
        const char *measure;
        double value;
    } row[] = {{"commissioner_gain", payer},
               {"provider_gain", provider},
               {"provider_cost_fall", cost},
               {"moved", fmax(moved, 0)}};
    for (size_t k = 0; k < 4; k++)
        ltp_assess_add_system(a, "tests", number, "", year, row[k].measure,
                              (ltp_assess_number){row[k].value, NAN, NAN, NAN});
    ltp_assess_add_system(a, "tests", number, "", year, "system_gain", step);
    ltp_assess_add_system(a, "tests", number, "", year, "stranded_cost", stranded);
    return step.value > 2 * (step.error > 0 ? step.error : 0);
}

void ltp_assess_demand(ltp_assess *a, size_t test) {
    ltp_assess_criterion line = {
        .criterion = "less activity than if nothing is done, every service", .when = a->year[a->last], .p = none};
    if (!ltp_assess_view(a, "system", "demand_avoided"))
        ltp_assess_reason(&line, "Not modelled: no programme of the kind demand acts on a flow whose activity "
                                 "flows.csv tells.");
    else {
        line.p = list_services(a, test, &line);
        const bool gain = list_money(a, test, &line);
        if (isnan(line.p.value) && !line.reason_count)
            ltp_assess_reason(&line, "No activity of the system is avoided in layer %s.", a->layer[a->at_layer]);
        if (!gain && !isnan(line.p.value)) {
            line.verdict = "only moved";
            ltp_assess_reason(&line, "Not met, whatever the activity: the system gains nothing by it.");
        } else
            ltp_assess_reason(&line, "No threshold is published for this test; services that no programme acts on do "
                                     "not count.");
    }
    ltp_assess_criterion_print(a, test, &line);
}
