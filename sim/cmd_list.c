/* ltpsim list: what can be used, from the descriptors. */
#include <string.h>

#include "models/family.h"
#include "models/mechanism.h"
#include "models/programme.h"
#include "results/layout.h"
#include "results/measure.h"
#include "sim/command.h"
#include "sim/text.h"

/* "doc (unit)" */
static const char *text(const char *unit, const char *doc, char *buffer, size_t size) {
    snprintf(buffer, size, "%s (%s)", doc, unit);
    return buffer;
}

static void list_drivers(void) {
    static const struct {
        const char *target, *unit, *doc;
    } row[] = {
        {"demand.SERVICE", "fraction a year", "growth of the service's activity beyond demography"},
        {"price.CATEGORY", "fraction a year", "growth of the category's price"},
        {"tariff.uplift", "fraction a year", "cost uplift of the tariff; without one, cost-weighted price growth"},
        {"tariff.error", "fraction a year", "added to the uplift, given or computed"},
        {"tariff.efficiency", "fraction a year", "efficiency factor, taken off the uplift"},
        {"allocation.growth", "fraction a year", "added to the growth of every allocation that is not firm"},
        {"allocation.growth.STREAM", "fraction a year", "the same, of one stream"},
        {"contract.lambda", "share", "where between payer's and payee's figure a fixed contract is settled; else 0.5"},
        {"workforce.leavers", "fraction a year", "added to every staff group's share of leavers"},
        {"workforce.joiners", "fraction a year", "added to every staff group's joiners as a share of base staff"},
        {"workforce.agency_premium", "share", "added to what agency costs more"},
        {"capital.envelope", "fraction", "how much larger the capital envelope turns out than the table says"},
        {"backlog.growth", "fraction a year", "added to the growth of backlog that is not funded"},
        {"price.building", "fraction a year", "growth of building prices"},
        {"loan.rate", "fraction a year", "the rate of interest on revenue loans; without one, 0"},
        {"capital.failure_rate", "failures a year per £m", "failures of unfunded high-risk backlog; else none"},
        {"capital.failure_cost", "£m", "what a failure costs"},
        {"(none)", "as used", "a driver that programmes name for delivery, slippage or recurrent_share"},
    };
    char buffer[256];
    for (size_t k = 0; k < sizeof row / sizeof *row; k++)
        ltp_print_wrapped(stdout, 0, row[k].target, 26, text(row[k].unit, row[k].doc, buffer, sizeof buffer));
}

static void list_families(void) {
    size_t count;
    const ltp_family *const *family = ltp_family_all(&count);
    for (size_t k = 0; k < count; k++) {
        printf("%-17s", family[k]->name);
        if (family[k]->required || family[k]->atoms || family[k]->history)
            printf(" needs");
        for (int p = 0; p < LTP_PARAMETER_COUNT; p++)
            if (family[k]->required & (1u << p))
                printf(" %s", ltp_parameter_name[p]);
        if (family[k]->atoms)
            printf(" value_N probability_N");
        if (family[k]->history)
            printf(" history_file");
        const char *before = family[k]->required || family[k]->atoms || family[k]->history ? "; may have" : " has";
        for (int p = 0; p < LTP_PARAMETER_COUNT; p++)
            if (family[k]->optional & (1u << p)) {
                printf("%s %s", before, ltp_parameter_name[p]);
                before = "";
            }
        printf("\n");
        ltp_print_wrapped(stdout, 18, NULL, 18, family[k]->doc);
    }
}

static void list_mechanisms(void) {
    size_t count;
    const ltp_mechanism *const *mechanism = ltp_mechanism_all(&count);
    for (size_t k = 0; k < count; k++) {
        ltp_print_wrapped(stdout, 0, mechanism[k]->name, 14, mechanism[k]->formula);
        ltp_print_wrapped(stdout, 14, NULL, 14, mechanism[k]->doc);
    }
}

static void list_programmes(void) {
    size_t count;
    const ltp_programme_kind *const *kind = ltp_programme_kind_all(&count);
    for (size_t k = 0; k < count; k++) {
        char test[16] = "no test";
        if (kind[k]->default_test)
            snprintf(test, sizeof test, "test %d", kind[k]->default_test);
        char label[48], doc[512];
        snprintf(label, sizeof label, "%-11s %s", kind[k]->name, test);
        snprintf(doc, sizeof doc, "%s%s", kind[k]->doc,
                 kind[k]->acts_on == LTP_ACTS_ON_NOTHING ? " (not modelled in this version)" : "");
        ltp_print_wrapped(stdout, 0, label, 21, doc);
    }
}

static void list_measures(void) {
    for (size_t k = 0; k < ltp_measure_count; k++) {
        const ltp_measure *measure = &ltp_measures[k];
        const bool yes_or_no = measure->event_kind == LTP_EVENT_ABOVE_ZERO;
        const char *unit = yes_or_no                          ? "0 or 1"
                           : strcmp(measure->units, "1") == 0 ? "share"
                           : measure->units[0]                ? measure->units
                                                              : "units";
        char label[64], text[200];
        int used = 0;
        snprintf(label, sizeof label, "%-29s %s", measure->name, unit);
        for (int l = 0; l < LTP_LEVEL_COUNT; l++)
            if (measure->levels & LTP_BIT(l))
                used +=
                    snprintf(text + used, sizeof text - (size_t)used, "%s%s", used ? ", " : "by ", ltp_level_name[l]);
        ltp_print_wrapped(stdout, 0, label, 38, text);
        ltp_print_wrapped(stdout, 30, NULL, 30, measure->long_name);
        ltp_print_wrapped(stdout, 30, NULL, 30, measure->doc);
        if (measure->heading) {
            snprintf(text, sizeof text, "%s: %s", measure->heading, measure->event);
            ltp_print_wrapped(stdout, 30, NULL, 30, text);
        }
    }
}

static void list_format(void) {
    ltp_schema_write_format(stdout);
}

static const struct {
    const char *name;
    void (*list)(void);
} topics[] = {{"drivers", list_drivers},       {"families", list_families}, {"mechanisms", list_mechanisms},
              {"programmes", list_programmes}, {"measures", list_measures}, {"format", list_format}};
#define TOPIC_COUNT (sizeof topics / sizeof *topics)

static int list(int argc, char **argv) {
    const char *topic, *known[TOPIC_COUNT];
    int code;
    if (!ltp_command_begin(&ltp_command_list, argc, argv, NULL, &topic, &code))
        return code;
    for (size_t k = 0; k < TOPIC_COUNT; k++) {
        known[k] = topics[k].name;
        if (strcmp(topic, topics[k].name) == 0) {
            topics[k].list();
            return 0;
        }
    }
    ltp_error error = {0};
    const char *nearest = ltp_nearest_name(topic, known, TOPIC_COUNT);
    ltp_error_set(&error, LTP_ERROR_USAGE, "list knows no '%s'; %s%s", topic,
                  nearest ? "did you mean " : "it knows drivers, families, mechanisms, programmes, measures, format",
                  nearest ? nearest : "");
    return ltp_command_fail(&error);
}

const ltp_command ltp_command_list = {
    .name = "list",
    .operand = "TOPIC",
    .purpose = "what can be used: drivers, families, mechanisms, programmes, measures; format (of the tables)",
    .run = list,
};
