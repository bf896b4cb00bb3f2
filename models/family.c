/* The list of families: lookup, and the checks that all of them share. */
#include "models/family.h"

#include <gsl/gsl_math.h>
#include <stdio.h>
#include <string.h>

#include "models/family_list.h"

#define LTP_DECLARE(NAME) extern const ltp_family ltp_family_##NAME;
LTP_FAMILY_LIST(LTP_DECLARE)
#undef LTP_DECLARE

#define LTP_ADDRESS(NAME) &ltp_family_##NAME,
static const ltp_family *const all[] = {LTP_FAMILY_LIST(LTP_ADDRESS)};
#undef LTP_ADDRESS

const char *const ltp_parameter_name[LTP_PARAMETER_COUNT] = {
    [LTP_PARAMETER_MEAN] = "mean", [LTP_PARAMETER_SD] = "sd",       [LTP_PARAMETER_MIN] = "min",
    [LTP_PARAMETER_MODE] = "mode", [LTP_PARAMETER_MAX] = "max",     [LTP_PARAMETER_P10] = "p10",
    [LTP_PARAMETER_P50] = "p50",   [LTP_PARAMETER_P90] = "p90",     [LTP_PARAMETER_DF] = "df",
    [LTP_PARAMETER_RATE] = "rate", [LTP_PARAMETER_VALUE] = "value",
};

const ltp_family *const *ltp_family_all(size_t *count) {
    *count = sizeof all / sizeof *all;
    return all;
}

const ltp_family *ltp_family_find(const char *name) {
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(all[i]->name, name) == 0)
            return all[i];
    return NULL;
}

const char *ltp_family_warning(const ltp_family *family, const ltp_family_input *input) {
    return family->warning ? family->warning(input) : NULL;
}

/* "mean, sd, min (optional)" into text. */
static void describe_parameters(const ltp_family *family, char *text, size_t size) {
    size_t used = 0;
    text[0] = '\0';
    for (int p = 0; p < LTP_PARAMETER_COUNT; p++) {
        const unsigned bit = 1u << p;
        if (!((family->required | family->optional) & bit) || used >= size)
            continue;
        used += (size_t)snprintf(text + used, size - used, "%s%s%s", used ? ", " : "", ltp_parameter_name[p],
                                 family->required & bit ? "" : " (optional)");
    }
    const char *more = family->atoms ? "value_1, probability_1, value_2, …" : family->history ? "history_file" : NULL;
    if (more && used < size)
        snprintf(text + used, size - used, "%s%s", used ? ", " : "", more);
}

/* Atoms (discrete) and history (empirical) stand in the same array; probability tells them apart. */
static ltp_status check_atoms(const ltp_family *family, const ltp_family_input *input, const char *uses,
                              ltp_error *error) {
    const bool given = input->atom_count > 0;
    const bool weighted = given && input->probability;
    if (given && weighted && !family->atoms)
        return ltp_error_set(error, LTP_ERROR_INPUT,
                             "the %s distribution does not use value_N and probability_N; it uses %s", family->name,
                             uses);
    if (given && !weighted && !family->history)
        return ltp_error_set(error, LTP_ERROR_INPUT, "the %s distribution does not use a history; it uses %s",
                             family->name, uses);
    if (!given && (family->atoms || family->history))
        return ltp_error_set(error, LTP_ERROR_INPUT, "the %s distribution needs %s, and none is given", family->name,
                             uses);
    for (size_t k = 0; k < input->atom_count; k++) {
        if (!gsl_finite(input->atom[k]))
            return ltp_error_set(error, LTP_ERROR_INPUT, "value %zu of the %s distribution is %g; it must be finite",
                                 k + 1, family->name, input->atom[k]);
    }
    return LTP_OK;
}

ltp_status ltp_family_compile(const ltp_family *family, const ltp_family_input *input, ltp_pool *pool,
                              ltp_transform *out, ltp_error *error) {
    char uses[160];
    describe_parameters(family, uses, sizeof uses);
    for (int p = 0; p < LTP_PARAMETER_COUNT; p++) {
        const unsigned bit = 1u << p;
        const char *name = ltp_parameter_name[p];
        if (input->given[p] && !((family->required | family->optional) & bit))
            return ltp_error_set(error, LTP_ERROR_INPUT,
                                 "the %s distribution does not use %s (found %.10g); it uses %s", family->name, name,
                                 input->value[p], uses);
        if (!input->given[p] && (family->required & bit))
            return ltp_error_set(error, LTP_ERROR_INPUT, "the %s distribution needs %s, and none is given; it uses %s",
                                 family->name, name, uses);
        if (input->given[p] && !gsl_finite(input->value[p]))
            return ltp_error_set(error, LTP_ERROR_INPUT, "%s of the %s distribution is %g; it must be finite", name,
                                 family->name, input->value[p]);
    }
    ltp_status status = check_atoms(family, input, uses, error);
    if (status != LTP_OK)
        return status;
    memset(out, 0, sizeof *out);
    return family->compile(input, pool, out, error);
}
