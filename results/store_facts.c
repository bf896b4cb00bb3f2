/* Facts that a reader of figures needs and labels alone do not say: which system an organisation is in, which tests
 * there are, whose a scheme is. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "results/store_internal.h"

/* Codes of an organisation's systems, "QOP" or "QOP;QHM" in the order of the systems; "" where it counts in none. */
static ltp_status systems_of(const ltp_store *store, size_t organisation, char **out, ltp_error *error) {
    const ltp_roster *roster = store->roster;
    char *text = NULL;
    ltp_status status = ltp_pool_text(store->pool, &text, "", 0, error);
    for (size_t m = 0; m < roster->membership_count && !status; m++) {
        const char *code = roster->level[LTP_LEVEL_SYSTEM].code[roster->membership[m].system];
        if (roster->membership[m].organisation == organisation)
            status = ltp_pool_format(store->pool, &text, error, "%s%s%s", text, *text ? ";" : "", code);
    }
    *out = text;
    return status;
}

static ltp_status write_organisations(ltp_store *store, ltp_error *error) {
    static const char *const sector[] = {"provider", "commissioner", "partner"};
    const ltp_roster *roster = store->roster;
    const size_t count = roster->level[LTP_LEVEL_ORGANISATION].count;
    const ltp_store_level *at = &store->level[LTP_LEVEL_ORGANISATION];
    const char **system, **kind;
    if (count == 0 || at->group < 0 || !roster->sector)
        return LTP_OK;
    ltp_status status = LTP_POOL_NEW(store->pool, &system, count, error);
    if (!status)
        status = LTP_POOL_NEW(store->pool, &kind, count, error);
    for (size_t o = 0; o < count && !status; o++) {
        char *text;
        status = systems_of(store, o, &text, error);
        system[o] = text;
        kind[o] = sector[roster->sector[o]];
    }
    if (status)
        return status;
    ltp_h5_text_variable(&store->h5, at->group, "system", "systems in whose totals it counts", count, system, at->code);
    ltp_h5_text_variable(&store->h5, at->group, "sector", "provider, commissioner or partner", count, kind, at->code);
    return LTP_OK;
}

static ltp_status write_tests(ltp_store *store, ltp_error *error) {
    const ltp_roster *roster = store->roster;
    ltp_h5 *h5 = &store->h5;
    const size_t count = roster->test.count;
    double *threshold;
    if (count == 0)
        return LTP_OK;
    const ltp_status status = LTP_POOL_NEW(store->pool, &threshold, count, error);
    if (status)
        return status;
    for (size_t k = 0; k < count; k++)
        threshold[k] = strcmp(roster->test_topic[k], "cash_releasing") == 0 && roster->productivity_target > 0
                           ? roster->productivity_target
                           : NAN;
    const hid_t group = ltp_h5_group(h5, h5->file, "test");
    ltp_h5_text_attribute(h5, group, "coordinates", "name topic");
    const hid_t code = ltp_h5_text_scale(h5, group, "code", "test", &roster->test);
    ltp_h5_text_variable(h5, group, "name", "name for people", count, roster->test.name, code);
    ltp_h5_text_variable(h5, group, "topic", "recovery, cash_releasing, variation, demand or capital", count,
                         roster->test_topic, code);
    const ltp_h5_variable variable = {.name = "threshold",
                                      .units = "1",
                                      .long_name = "new recurrent cash as a share of last year's cost, a year",
                                      .file_type = H5T_IEEE_F64LE,
                                      .memory_type = H5T_NATIVE_DOUBLE,
                                      .fill_nan = true};
    const ltp_h5_shape shape = {.rank = 1, .size = {count}, .scale = {code}};
    ltp_h5_write_variable(h5, group, &variable, &shape, threshold);
    ltp_h5_close(h5, code);
    ltp_h5_close(h5, group);
    return LTP_OK;
}

static ltp_status write_schemes(ltp_store *store, ltp_error *error) {
    const ltp_roster *roster = store->roster;
    const size_t count = roster->level[LTP_LEVEL_SCHEME].count;
    const ltp_store_level *at = &store->level[LTP_LEVEL_SCHEME];
    const char **mandatory, **opens;
    if (count == 0 || at->group < 0 || !roster->scheme_organisation)
        return LTP_OK;
    ltp_status status = LTP_POOL_NEW(store->pool, &mandatory, count, error);
    if (!status)
        status = LTP_POOL_NEW(store->pool, &opens, count, error);
    for (size_t k = 0; k < count && !status; k++) {
        const int year = roster->scheme_opens[k];
        mandatory[k] = roster->scheme_mandatory[k] ? "yes" : "no";
        opens[k] = year < 1 ? "before" : year > (int)roster->year.count ? "later" : roster->year.code[year - 1];
    }
    if (status)
        return status;
    ltp_h5_text_variable(&store->h5, at->group, "organisation", "whose it is", count, roster->scheme_organisation,
                         at->code);
    ltp_h5_text_variable(&store->h5, at->group, "mandatory", "whether it must be done: yes or no", count, mandatory,
                         at->code);
    ltp_h5_text_variable(&store->h5, at->group, "opens", "year at whose end it opens as planned; before, later", count,
                         opens, at->code);
    return LTP_OK;
}

/* The share of its full effect that a programme was to have in place: what is delivered is held against it. */
static void write_programmes(ltp_store *store) {
    const ltp_roster *roster = store->roster;
    const ltp_store_level *at = &store->level[LTP_LEVEL_PROGRAMME];
    const ltp_h5_variable variable = {.name = "planned",
                                      .units = "1",
                                      .long_name = "share of the full-year effect in place, as planned",
                                      .file_type = H5T_IEEE_F64LE,
                                      .memory_type = H5T_NATIVE_DOUBLE,
                                      .fill_nan = true};
    const ltp_h5_shape shape = {.rank = 2,
                                .size = {roster->level[LTP_LEVEL_PROGRAMME].count, roster->year.count},
                                .scale = {at->code, at->year}};
    if (shape.size[0] > 0 && at->group >= 0 && roster->programme_planned)
        ltp_h5_write_variable(&store->h5, at->group, &variable, &shape, roster->programme_planned);
}

ltp_status ltp_store_write_facts(ltp_store *store, ltp_error *error) {
    ltp_status status = write_organisations(store, error);
    if (!status)
        status = write_tests(store, error);
    if (!status)
        status = write_schemes(store, error);
    write_programmes(store);
    return status ? status : ltp_h5_status(&store->h5, "labels", error);
}
