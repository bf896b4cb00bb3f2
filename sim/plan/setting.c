/* The settings of scenario.yaml, each from the scenario itself or the nearest that it extends. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "results/measure.h"
#include "sim/plan/cell.h"
#include "sim/plan/number.h"

static const ltp_setting_schema *schema_of(int setting) {
    size_t count;
    return &ltp_schema_settings(&count)[setting];
}

static void complain(ltp_reading *reading, ltp_position at, const char *key, const char *expected, const char *nearest,
                     const char *what) {
    ltp_problem_add(reading->problems, LTP_SEVERITY_ERROR, at, key, expected && *expected ? expected : NULL, nearest,
                    "%s", what);
}

static bool inherited(int setting) {
    return setting != LTP_SETTING_TITLE && setting != LTP_SETTING_DESCRIPTION &&
           setting != LTP_SETTING_SUBMISSION_NAME && setting != LTP_SETTING_SUBMISSION_DATE &&
           setting != LTP_SETTING_SUBMISSION_MILESTONE;
}

static const ltp_node *in_source(const ltp_source *source, const char *key) {
    char first[64];
    const char *dot = strchr(key, '.');
    const ltp_node *node = source->root;
    if (node && dot) {
        snprintf(first, sizeof first, "%.*s", (int)(dot - key), key);
        node = ltp_node_child(node, first);
        key = dot + 1;
    }
    return node && node->kind == LTP_NODE_MAP ? ltp_node_child(node, key) : NULL;
}

static const ltp_node *find(const ltp_reading *reading, int setting) {
    const size_t count = inherited(setting) ? reading->source_count : 1;
    for (size_t i = 0; i < count; i++) {
        const ltp_node *node = in_source(&reading->source[i], schema_of(setting)->key);
        if (node)
            return node;
    }
    return NULL;
}

/* Text of a setting, its default where it is not given; NULL when there is neither or it is no single value. */
static const char *text_of(ltp_reading *reading, int setting, ltp_position *at) {
    const ltp_setting_schema *schema = schema_of(setting);
    const ltp_node *node = find(reading, setting);
    *at = (ltp_position){reading->source[0].settings, 0, 0};
    if (!node)
        return schema->fallback;
    *at = node->at;
    if (node->kind == LTP_NODE_SCALAR && *node->text != '\0')
        return node->text;
    complain(reading, node->at, schema->key, schema->type, NULL,
             node->kind != LTP_NODE_SCALAR            ? "is no single value"
             : strcmp(schema->range, "required") == 0 ? "is empty"
                                                      : "is empty; give a value or leave the key out");
    return NULL;
}

static bool count_of(ltp_reading *reading, int setting, uint64_t low, uint64_t high, uint64_t *number) {
    const ltp_setting_schema *schema = schema_of(setting);
    ltp_complaint complaint;
    ltp_position at;
    char excerpt[LTP_EXCERPT], what[320];
    const char *text = text_of(reading, setting, &at);
    if (!text)
        return false;
    if (!ltp_count_read(text, number, &complaint)) {
        complain(reading, at, schema->key, *complaint.expected ? complaint.expected : schema->range, NULL,
                 complaint.what);
        return false;
    }
    if (*number >= low && *number <= high)
        return true;
    snprintf(what, sizeof what, "'%s' is out of range", ltp_text_excerpt(excerpt, text));
    complain(reading, at, schema->key, schema->range, NULL, what);
    return false;
}

static bool number_of(ltp_reading *reading, int setting, double low, double high, double *number) {
    const ltp_setting_schema *schema = schema_of(setting);
    ltp_complaint complaint;
    ltp_position at;
    const char *text = text_of(reading, setting, &at);
    if (!text)
        return false;
    if (!ltp_number_read(text, number, &complaint))
        complain(reading, at, schema->key, complaint.expected, NULL, complaint.what);
    else if (*number < low || *number > high)
        complain(reading, at, schema->key, schema->range, NULL, "the number is out of range");
    else
        return true;
    return false;
}

/* Place of the setting's word in "a|b|c"; 0 after a problem. */
static int word_of(ltp_reading *reading, int setting, const char *values) {
    const ltp_setting_schema *schema = schema_of(setting);
    ltp_position at;
    char words[128], what[320], excerpt[LTP_EXCERPT];
    const char *text = text_of(reading, setting, &at);
    const int place = text ? ltp_word_find(values, text) : 0;
    if (place >= 0)
        return place;
    snprintf(what, sizeof what, "'%s' is not known", ltp_text_excerpt(excerpt, text));
    complain(reading, at, schema->key, schema->type, ltp_word_nearest(values, text, words, sizeof words), what);
    return 0;
}

/* --- unknown keys --- */

static void check_keys(ltp_reading *reading, const ltp_node *map, const char *prefix) {
    const char *candidate[LTP_SETTING_COUNT];
    char name[LTP_SETTING_COUNT][64];
    const size_t skip = strlen(prefix);
    size_t count = 0;
    for (int s = 0; s < LTP_SETTING_COUNT; s++) { /* the part of each key that stands at this level */
        const char *key = schema_of(s)->key;
        if (strncmp(key, prefix, skip) != 0)
            continue;
        snprintf(name[count], sizeof name[count], "%.*s", (int)strcspn(key + skip, "."), key + skip);
        candidate[count] = name[count];
        count += count == 0 || strcmp(name[count - 1], name[count]) != 0;
    }
    for (const ltp_node *child = map->first; child; child = child->next) {
        char what[320], excerpt[LTP_EXCERPT], group[64];
        bool known = false;
        for (size_t i = 0; i < count && !known; i++)
            known = strcmp(child->key, candidate[i]) == 0;
        if (!known) {
            snprintf(what, sizeof what, "there is no setting '%s%s'", prefix, ltp_text_excerpt(excerpt, child->key));
            complain(reading, child->key_at, NULL, NULL, ltp_nearest_name(child->key, candidate, count), what);
            reading->broken_years = true; /* it may be theirs */
            continue;
        }
        snprintf(group, sizeof group, "%s.", child->key);
        const bool holds_keys = skip == 0 && (strcmp(group, "submission.") == 0 || strcmp(group, "support.") == 0 ||
                                              strcmp(group, "tolerance.") == 0);
        if (holds_keys && child->kind == LTP_NODE_MAP)
            check_keys(reading, child, group);
        else if (holds_keys)
            complain(reading, child->at, child->key, "settings below it", NULL, "is no map");
    }
}

/* --- the parts --- */

static ltp_status read_years(ltp_reading *reading, ltp_error *error) {
    ltp_scenario *scenario = reading->scenario;
    const ltp_setting_schema *schema = schema_of(LTP_SETTING_BASE_YEAR);
    ltp_complaint complaint;
    ltp_position at;
    uint64_t years;
    const char *text = text_of(reading, LTP_SETTING_BASE_YEAR, &at);
    const char **label;
    const size_t before = ltp_problem_count(reading->problems, LTP_SEVERITY_ERROR);
    scenario->base_year = 2018;
    if (text && !ltp_financial_year_read(text, &scenario->base_year, &complaint))
        complain(reading, at, schema->key, complaint.expected, NULL, complaint.what);
    else if (scenario->base_year > 2189)
        complain(reading, at, schema->key, schema->range, NULL, "is out of range");
    reading->broken |= ltp_problem_count(reading->problems, LTP_SEVERITY_ERROR) > before;
    const bool counted = count_of(reading, LTP_SETTING_YEARS, 1, LTP_YEAR_MAX, &years);
    const ltp_node *root = reading->source[0].root;
    reading->broken_years |= !counted || !root || !root->first; /* nothing is said at all */
    scenario->year_count = counted ? (int)years : LTP_YEAR_MAX;
    ltp_status status = LTP_POOL_NEW(scenario->pool, &label, (size_t)scenario->year_count + 1, error);
    for (int t = 0; t <= scenario->year_count && status == LTP_OK; t++) {
        char *copy;
        const int first = scenario->base_year + t;
        status = ltp_pool_format(scenario->pool, &copy, error, "%d/%02d", first, (first + 1) % 100);
        label[t] = copy;
    }
    scenario->year_label = label;
    return status;
}

/* When submissions were due, by the timetable of the Long Term Plan Implementation Framework (NHS England and NHS
 * Improvement, June 2019) and of the operational plans for 2020/21; a month is due at its end. */
static const struct {
    const char *name, *due, *said;
} milestones[] = {
    {"do-nothing", "2019-08-02", "2 August 2019"},       {"organisations", "2019-09-16", "16 September 2019"},
    {"system draft", "2019-09-27", "27 September 2019"}, {"agreed", "2019-11-15", "15 November 2019"},
    {"drafts", "2020-02-29", "February 2020"},           {"final", "2020-03-31", "March 2020"},
};
#define MILESTONE_COUNT (sizeof milestones / sizeof *milestones)

/* MILESTONE_COUNT (recorded) for a name that is none. */
static size_t find_milestone(ltp_reading *reading, const char *name, ltp_position at) {
    const char *known[MILESTONE_COUNT];
    char what[320], excerpt[LTP_EXCERPT];
    for (size_t k = 0; k < MILESTONE_COUNT; k++) {
        known[k] = milestones[k].name;
        if (strcmp(name, known[k]) == 0)
            return k;
    }
    snprintf(what, sizeof what, "'%s' is no milestone", ltp_text_excerpt(excerpt, name));
    complain(reading, at, "submission.milestone", schema_of(LTP_SETTING_SUBMISSION_MILESTONE)->range,
             ltp_nearest_name(name, known, MILESTONE_COUNT), what);
    return MILESTONE_COUNT;
}

static void read_submission(ltp_reading *reading) {
    ltp_scenario *scenario = reading->scenario;
    ltp_complaint complaint;
    ltp_position at;
    int year, month, day;
    size_t milestone = MILESTONE_COUNT;
    scenario->submission_name = text_of(reading, LTP_SETTING_SUBMISSION_NAME, &at);
    scenario->submission_milestone = text_of(reading, LTP_SETTING_SUBMISSION_MILESTONE, &at);
    if (scenario->submission_milestone)
        milestone = find_milestone(reading, scenario->submission_milestone, at);
    scenario->submission_date = text_of(reading, LTP_SETTING_SUBMISSION_DATE, &at);
    if (!scenario->submission_date)
        return;
    if (!ltp_date_read(scenario->submission_date, &year, &month, &day, &complaint))
        complain(reading, at, "submission.date", complaint.expected, NULL, complaint.what);
    else if (milestone < MILESTONE_COUNT && strcmp(scenario->submission_date, milestones[milestone].due) > 0)
        ltp_problem_add(reading->problems, LTP_SEVERITY_WARNING, at, "submission.date", NULL, NULL,
                        "%s is after the milestone '%s', %s", scenario->submission_date, milestones[milestone].name,
                        milestones[milestone].said);
}

static const char *nearest_measure(const char *name) {
    const char *known[128];
    size_t count = 0;
    for (; count < ltp_measure_count && count < sizeof known / sizeof *known; count++)
        known[count] = ltp_measures[count].name;
    return ltp_nearest_name(name, known, count);
}

static ltp_status read_kept(ltp_reading *reading, ltp_error *error) {
    /* in the order of ltp_level */
    static const char levels[] = "organisation|system|region|england|scheme|programme|floor|plan_line";
    static const char *const by_default[] = {"system.gap"};
    ltp_scenario *scenario = reading->scenario;
    const ltp_node *list = find(reading, LTP_SETTING_KEEP_PATHS);
    const char **keep;
    scenario->keep = by_default;
    scenario->keep_count = 1;
    if (!list)
        return LTP_OK;
    if (list->kind != LTP_NODE_LIST) {
        complain(reading, list->at, "keep_paths", "a list such as [system.gap]; [] for none", NULL, "is no list");
        return LTP_OK;
    }
    const ltp_status status = LTP_POOL_NEW(scenario->pool, &keep, list->count, error);
    if (status != LTP_OK)
        return status;
    scenario->keep = keep;
    scenario->keep_count = 0;
    for (const ltp_node *item = list->first; item; item = item->next) {
        char level[32] = "", words[64], what[320], excerpt[LTP_EXCERPT];
        const char *dot = item->kind == LTP_NODE_SCALAR ? strchr(item->text, '.') : NULL;
        if (dot && dot[1] != '\0' && (size_t)(dot - item->text) < sizeof level)
            memcpy(level, item->text, (size_t)(dot - item->text));
        if (*level == '\0' || ltp_word_find(levels, level) < 0)
            complain(reading, item->at, "keep_paths",
                     "LEVEL.MEASURE, as in system.gap; LEVEL: organisation, system, region, england, scheme, "
                     "programme, floor, plan_line",
                     *level ? ltp_word_nearest(levels, level, words, sizeof words) : NULL, "names no level's measure");
        else if (!ltp_measure_find(dot + 1)) {
            snprintf(what, sizeof what, "there is no measure '%s'", ltp_text_excerpt(excerpt, dot + 1));
            complain(reading, item->at, "keep_paths", "a measure of `ltpsim list measures`", nearest_measure(dot + 1),
                     what);
        } else if (!(ltp_measure_find(dot + 1)->levels & LTP_BIT(ltp_word_find(levels, level)))) {
            snprintf(what, sizeof what, "'%s' is not measured by %s", dot + 1, level);
            complain(reading, item->at, "keep_paths", "a level that `ltpsim list measures` names beside it", NULL,
                     what);
        } else
            keep[scenario->keep_count++] = item->text;
    }
    return status;
}

ltp_status ltp_unmodelled_add(ltp_reading *reading, ltp_error *error, const char *format, ...) {
    ltp_scenario *scenario = reading->scenario;
    char sentence[512], *copy;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    if (scenario->unmodelled_count == LTP_UNMODELLED_MAX)
        return LTP_OK;
    const ltp_status status = ltp_pool_text(scenario->pool, &copy, sentence, strlen(sentence), error);
    if (status == LTP_OK)
        reading->unmodelled[scenario->unmodelled_count++] = copy;
    return status;
}

/* Year t of a financial year's text; 0, after a problem, where it is none of the scenario's simulated years. */
static int year_of(ltp_reading *reading, const char *text, ltp_position at, const char *key, ltp_severity beyond) {
    ltp_complaint complaint;
    char what[320], excerpt[LTP_EXCERPT];
    int first;
    if (!ltp_financial_year_read(text, &first, &complaint)) {
        complain(reading, at, key, complaint.expected, NULL, complaint.what);
        return 0;
    }
    const int t = first - reading->scenario->base_year;
    if (t >= 1 && t <= reading->scenario->year_count)
        return t;
    if (!reading->broken_years) {
        const bool error = beyond == LTP_SEVERITY_ERROR;
        snprintf(what, sizeof what, "%s to %s", reading->scenario->year_label[1],
                 reading->scenario->year_label[reading->scenario->year_count]);
        ltp_problem_add(reading->problems, beyond, at, key, error ? what : NULL, NULL,
                        "'%s' is no simulated year of the scenario%s", ltp_text_excerpt(excerpt, text),
                        error ? "" : "; it is passed over");
    }
    return 0;
}

/* support.system_share: a number, or a map from years to numbers. The rule of the financial recovery fund goes by the
 * calendar, whatever the base year: own trajectory only up to 2019/20, half and half after. */
static void read_support(ltp_reading *reading) {
    ltp_scenario *scenario = reading->scenario;
    const ltp_node *share = find(reading, LTP_SETTING_SUPPORT_SYSTEM_SHARE);
    double number;
    for (int t = 1; t <= scenario->year_count; t++)
        scenario->support_system_share[t - 1] = scenario->base_year + t <= 2019 ? 0.0 : 0.5;
    if (!share)
        return;
    if (share->kind != LTP_NODE_MAP) {
        if (number_of(reading, LTP_SETTING_SUPPORT_SYSTEM_SHARE, 0.0, 1.0, &number))
            for (int t = 1; t <= scenario->year_count; t++)
                scenario->support_system_share[t - 1] = number;
        return;
    }
    for (const ltp_node *item = share->first; item; item = item->next) {
        ltp_complaint complaint;
        const int t = year_of(reading, item->key, item->key_at, "support.system_share", LTP_SEVERITY_WARNING);
        if (item->kind != LTP_NODE_SCALAR)
            complain(reading, item->at, "support.system_share", "a number from 0 to 1", NULL, "is no number");
        else if (!ltp_number_read(item->text, &number, &complaint))
            complain(reading, item->at, "support.system_share", complaint.expected, NULL, complaint.what);
        else if (number < 0.0 || number > 1.0)
            complain(reading, item->at, "support.system_share", "0 to 1", NULL, "is out of range");
        else if (t > 0)
            scenario->support_system_share[t - 1] = number;
    }
}

static void read_glide_path(ltp_reading *reading) {
    ltp_scenario *scenario = reading->scenario;
    const ltp_node *year = find(reading, LTP_SETTING_GLIDE_PATH_YEAR);
    scenario->glide_path_year = scenario->year_count;
    if (find(reading, LTP_SETTING_GLIDE_PATH)) {
        scenario->glide_path_at = find(reading, LTP_SETTING_GLIDE_PATH)->at;
        scenario->glide_path =
            (ltp_glide_path)(1 + word_of(reading, LTP_SETTING_GLIDE_PATH, "linear|front_loaded|back_loaded"));
    }
    if (!year)
        return;
    const int t = year->kind == LTP_NODE_SCALAR
                      ? year_of(reading, year->text, year->at, "glide_path_year", LTP_SEVERITY_ERROR)
                      : 0;
    if (year->kind != LTP_NODE_SCALAR)
        complain(reading, year->at, "glide_path_year", "a financial year, 2023/24", NULL, "is no single value");
    scenario->glide_path_year = t > 0 ? t : scenario->year_count;
    if (!find(reading, LTP_SETTING_GLIDE_PATH))
        complain(reading, year->at, "glide_path_year", "`glide_path: linear`, or no glide_path_year", NULL,
                 "there is no glide path that it belongs to");
}

static void read_capital_order(ltp_reading *reading) {
    static const char needs[] = "started|mandatory|high|equipment|schemes|significant|capacity|moderate|low";
    const ltp_node *order = find(reading, LTP_SETTING_CAPITAL_ORDER);
    enum { NEEDS = sizeof reading->scenario->capital_order / sizeof *reading->scenario->capital_order };
    bool given[NEEDS] = {false};
    int count = 0;
    for (int k = 0; k < NEEDS; k++)
        reading->scenario->capital_order[k] = k;
    if (!order)
        return;
    if (order->kind != LTP_NODE_LIST)
        complain(reading, order->at, "capital_order", schema_of(LTP_SETTING_CAPITAL_ORDER)->range, NULL, "is no list");
    for (const ltp_node *item = order->kind == LTP_NODE_LIST ? order->first : NULL; item; item = item->next) {
        char words[128];
        const int need = item->kind == LTP_NODE_SCALAR ? ltp_word_find(needs, item->text) : -1;
        if (need < 0)
            complain(reading, item->at, "capital_order", schema_of(LTP_SETTING_CAPITAL_ORDER)->range,
                     ltp_word_nearest(needs, item->text, words, sizeof words), "names no capital need");
        else if (given[need])
            complain(reading, item->at, "capital_order", "each need once", NULL, "names a need twice");
        else
            reading->scenario->capital_order[count++] = need;
        if (need >= 0)
            given[need] = true;
    }
    if (order->kind == LTP_NODE_LIST && count == (int)order->count && count < NEEDS)
        complain(reading, order->at, "capital_order", schema_of(LTP_SETTING_CAPITAL_ORDER)->range, NULL,
                 "leaves needs out");
}

static ltp_status note_unmodelled(ltp_reading *reading, ltp_error *error) {
    ltp_status status = LTP_OK;
    for (int s = 0; s < LTP_SETTING_COUNT && status == LTP_OK; s++)
        if (!schema_of(s)->modelled && find(reading, s))
            status = ltp_unmodelled_add(reading, error, "the setting %s is read but not modelled in this version: %s",
                                        schema_of(s)->key, schema_of(s)->doc);
    return status;
}

ltp_status ltp_setting_read(ltp_reading *reading, ltp_error *error) {
    ltp_scenario *scenario = reading->scenario;
    ltp_position at;
    for (size_t i = 0; i < reading->source_count; i++)
        if (reading->source[i].root)
            check_keys(reading, reading->source[i].root, "");
    scenario->title = text_of(reading, LTP_SETTING_TITLE, &at);
    if (!scenario->title && reading->source[0].root && !find(reading, LTP_SETTING_TITLE))
        complain(reading, at, "title", "`title: ` and one line of text", NULL,
                 "is missing: it says what the scenario is");
    scenario->description = text_of(reading, LTP_SETTING_DESCRIPTION, &at);
    count_of(reading, LTP_SETTING_SEED, 0, INT64_MAX, &scenario->seed);
    count_of(reading, LTP_SETTING_PATHS, 1, UINT64_C(1) << 31, &scenario->path_count);
    scenario->sampling = (ltp_sampling)word_of(reading, LTP_SETTING_SAMPLING, "lhs|random|expected");
    scenario->unfilled_saves = word_of(reading, LTP_SETTING_UNFILLED, "needed|saves") == 1;
    number_of(reading, LTP_SETTING_PRODUCTIVITY_TARGET, 0.0, 1.0, &scenario->productivity_target);
    number_of(reading, LTP_SETTING_TOLERANCE_AMOUNT, 0.0, INFINITY, &scenario->tolerance_amount);
    number_of(reading, LTP_SETTING_TOLERANCE_SHARE, 0.0, 1.0, &scenario->tolerance_share);
    read_submission(reading);
    read_capital_order(reading);
    number_of(reading, LTP_SETTING_DIVIDEND_RATE, 0.0, 1.0, &scenario->dividend_rate);
    number_of(reading, LTP_SETTING_BUILDING_LIFE, 1.0, 200.0, &scenario->building_life);
    number_of(reading, LTP_SETTING_EQUIPMENT_LIFE, 1.0, 200.0, &scenario->equipment_life);
    ltp_status status = read_years(reading, error);
    read_support(reading);
    read_glide_path(reading);
    if (status == LTP_OK)
        status = read_kept(reading, error);
    if (status == LTP_OK)
        ltp_layering_read(reading, find(reading, LTP_SETTING_TESTS));
    return status == LTP_OK ? note_unmodelled(reading, error) : status;
}
