/* /bridge: what each test takes off the gap, step by step and as Shapley value. /effect: what each programme does, and
 * to whom. */
#include <stdio.h>

#include "results/store_internal.h"

/* The scales of a group. */
typedef struct {
    hid_t group, test, year, programme, organisation, level[LTP_LEVEL_ENGLAND + 1];
} scales;

static void write_variable(ltp_store *store, const scales *at, const char *name, const char *long_name, bool error,
                           const ltp_h5_shape *shape, const double *value) {
    char full[96], text[256];
    snprintf(full, sizeof full, "%s_%s", name, error ? "se" : "mean");
    snprintf(text, sizeof text, "%s: %s", long_name, error ? "Monte Carlo standard error of the mean" : "mean");
    const ltp_h5_variable variable = {.name = full,
                                      .units = "£m",
                                      .long_name = text,
                                      .file_type = H5T_IEEE_F64LE,
                                      .memory_type = H5T_NATIVE_DOUBLE,
                                      .fill_nan = true,
                                      .compress = true};
    ltp_h5_write_variable(&store->h5, at->group, &variable, shape, value);
}

static ltp_status write_tests(ltp_store *store, const ltp_attributor *attributor, const scales *at, ltp_level level,
                              ltp_error *error) {
    const ltp_roster *roster = store->roster;
    const size_t tests = ltp_attributor_plan(attributor)->test.count, entities = roster->level[level].count;
    const size_t years = roster->year.count, count = tests * entities * years;
    const ltp_h5_shape shape = {
        .rank = 3, .size = {tests, entities, years}, .scale = {at->test, at->level[level], at->year}};
    double *mean, *spread;
    ltp_status status = LTP_POOL_NEW(store->pool, &mean, count, error);
    if (!status)
        status = LTP_POOL_NEW(store->pool, &spread, count, error);
    for (int shapley = 0; shapley < 2 && !status; shapley++) {
        char name[64];
        for (size_t k = 0; k < count; k++) {
            const size_t test = k / (entities * years), entity = k / years % entities, year = k % years;
            const ltp_attributed one = shapley ? ltp_attributor_shapley(attributor, level, entity, test, year)
                                               : ltp_attributor_step(attributor, level, entity, test, year);
            mean[k] = one.mean;
            spread[k] = one.error;
        }
        snprintf(name, sizeof name, "%s_%s", ltp_level_name[level], shapley ? "shapley" : "step");
        const char *text = shapley ? "what the test takes off the gap, averaged over every order of the tests (Shapley)"
                                   : "what the test takes off the gap when added in the scenario's order";
        write_variable(store, at, name, text, false, &shape, mean);
        write_variable(store, at, name, text, true, &shape, spread);
    }
    return status;
}

static ltp_status write_bridge(ltp_store *store, const ltp_attributor *attributor, ltp_error *error) {
    const ltp_attribution *plan = ltp_attributor_plan(attributor);
    ltp_h5 *h5 = &store->h5;
    ltp_status status = LTP_OK;
    if (plan->test.count == 0)
        return LTP_OK;
    scales at = {.group = ltp_h5_group(h5, h5->file, "bridge")};
    ltp_h5_text_attribute(h5, at.group, "coordinates", "test_name");
    at.test = ltp_h5_text_scale(h5, at.group, "test", "test", &plan->test);
    ltp_h5_text_variable(h5, at.group, "test_name", "name for people", plan->test.count, plan->test.name, at.test);
    at.year = ltp_h5_text_scale(h5, at.group, "year", "financial year", &store->roster->year);
    for (int level = 0; level <= LTP_LEVEL_ENGLAND; level++)
        at.level[level] =
            ltp_h5_text_scale(h5, at.group, ltp_level_name[level], ltp_level_name[level], &store->roster->level[level]);
    for (int level = 0; level <= LTP_LEVEL_ENGLAND && !status; level++)
        status = write_tests(store, attributor, &at, (ltp_level)level, error);
    for (int level = 0; level <= LTP_LEVEL_ENGLAND; level++)
        ltp_h5_close(h5, at.level[level]);
    ltp_h5_close(h5, at.year);
    ltp_h5_close(h5, at.test);
    ltp_h5_close(h5, at.group);
    return status;
}

static ltp_status write_programmes(ltp_store *store, const ltp_attributor *attributor, const scales *at,
                                   ltp_error *error) {
    const ltp_attribution *plan = ltp_attributor_plan(attributor);
    const size_t programmes = plan->programme.count, years = store->roster->year.count;
    const size_t organisations = store->roster->level[LTP_LEVEL_ORGANISATION].count;
    const ltp_h5_shape by_year = {.rank = 2, .size = {programmes, years}, .scale = {at->programme, at->year}};
    const ltp_h5_shape by_organisation = {
        .rank = 3, .size = {programmes, organisations, years}, .scale = {at->programme, at->organisation, at->year}};
    double *mean, *spread;
    ltp_status status = LTP_POOL_NEW(store->pool, &mean, programmes * organisations * years, error);
    if (!status)
        status = LTP_POOL_NEW(store->pool, &spread, programmes * organisations * years, error);
    if (status)
        return status;
    for (int e = 0; e < LTP_EFFECT_COUNT; e++) {
        for (size_t k = 0; k < programmes * years; k++) {
            const ltp_attributed one = ltp_attributor_effect(attributor, (ltp_effect)e, k / years, k % years);
            mean[k] = one.mean;
            spread[k] = one.error;
        }
        write_variable(store, at, ltp_effect_name[e], ltp_effect_doc[e], false, &by_year, mean);
        write_variable(store, at, ltp_effect_name[e], ltp_effect_doc[e], true, &by_year, spread);
    }
    for (size_t k = 0; k < programmes * organisations * years; k++) {
        const ltp_attributed one =
            ltp_attributor_gain(attributor, k / (organisations * years), k / years % organisations, k % years);
        mean[k] = one.mean;
        spread[k] = one.error;
    }
    const char *text = "what the programme takes off the organisation's gap; negative: it loses";
    write_variable(store, at, "gain", text, false, &by_organisation, mean);
    write_variable(store, at, "gain", text, true, &by_organisation, spread);
    return LTP_OK;
}

static ltp_status write_effects(ltp_store *store, const ltp_attributor *attributor, ltp_error *error) {
    const ltp_attribution *plan = ltp_attributor_plan(attributor);
    ltp_h5 *h5 = &store->h5;
    if (plan->programme.count == 0)
        return LTP_OK;
    scales at = {.group = ltp_h5_group(h5, h5->file, "effect")};
    ltp_h5_text_attribute(h5, at.group, "coordinates", "programme_name programme_test programme_deliverable");
    at.programme = ltp_h5_text_scale(h5, at.group, "programme", "programme", &plan->programme);
    ltp_h5_text_variable(h5, at.group, "programme_name", "name for people", plan->programme.count, plan->programme.name,
                         at.programme);
    ltp_h5_text_variable(h5, at.group, "programme_test", "the test it counts to; empty: none", plan->programme.count,
                         plan->programme_test, at.programme);
    ltp_h5_text_variable(h5, at.group, "programme_deliverable", "the planning deliverable that it serves",
                         plan->programme.count, plan->programme_deliverable, at.programme);
    ltp_h5_text_variable(h5, at.group, "programme_sponsor", "who sponsors it", plan->programme.count,
                         plan->programme_sponsor, at.programme);
    at.organisation =
        ltp_h5_text_scale(h5, at.group, "organisation", "organisation", &store->roster->level[LTP_LEVEL_ORGANISATION]);
    at.year = ltp_h5_text_scale(h5, at.group, "year", "financial year", &store->roster->year);
    const ltp_status status = write_programmes(store, attributor, &at, error);
    ltp_h5_close(h5, at.year);
    ltp_h5_close(h5, at.organisation);
    ltp_h5_close(h5, at.programme);
    ltp_h5_close(h5, at.group);
    return status;
}

ltp_status ltp_store_attribution(ltp_store *store, const ltp_attributor *attributor, ltp_error *error) {
    ltp_status status = write_bridge(store, attributor, error);
    if (!status)
        status = write_effects(store, attributor, error);
    return status ? status : ltp_h5_status(&store->h5, "attribution", error);
}
