/* What a difference says in words, and the table of one measure. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "results/report/compare_internal.h"

#define ROWS_MOST 40
#define PENNY 1e-8 /* £m */

/* --- words ------------------------------------------------------------------------------------------------------ */

ltp_verdict ltp_difference_verdict(const ltp_difference *d, const char *units) {
    const double size = fmax(fabs(d->value[0]), fabs(d->value[1]));
    const double nothing = strcmp(units, "£m") == 0 ? fmax(PENNY, 1e-12 * size) : 1e-12 * size;
    if (isnan(d->difference))
        return LTP_VERDICT_UNKNOWN;
    if (fabs(d->difference) <= nothing)
        return d->standard_error > nothing ? LTP_VERDICT_NOISE : LTP_VERDICT_SAME;
    if (fabs(d->difference) < 2 * d->standard_error)
        return LTP_VERDICT_NOISE;
    return d->difference > 0 ? LTP_VERDICT_LARGER : LTP_VERDICT_SMALLER;
}

bool ltp_difference_shows(const ltp_difference *d, const char *units) {
    return !isnan(d->difference) && ltp_difference_verdict(d, units) != LTP_VERDICT_SAME;
}

const char *ltp_difference_words(const ltp_difference *d, const char *units) {
    switch (ltp_difference_verdict(d, units)) {
    case LTP_VERDICT_SAME:
        return "the same";
    case LTP_VERDICT_NOISE:
        return d->basis == LTP_BASIS_BOUND ? "perhaps none: within the bound" : "no difference beyond noise";
    case LTP_VERDICT_LARGER:
        return isnan(d->standard_error) ? "B's is larger (error not known)" : "B's is larger";
    case LTP_VERDICT_SMALLER:
        return isnan(d->standard_error) ? "B's is smaller (error not known)" : "B's is smaller";
    case LTP_VERDICT_UNKNOWN:
        break;
    }
    return "";
}

const char *ltp_difference_phrase(char buffer[96], const ltp_difference *d) {
    char value[48], spread[48];
    const ltp_verdict verdict = ltp_difference_verdict(d, "£m");
    if (verdict == LTP_VERDICT_SAME || verdict == LTP_VERDICT_UNKNOWN) {
        snprintf(buffer, 96, "%s", verdict == LTP_VERDICT_SAME ? "the same" : "not known");
        return buffer;
    }
    const double place = fabs(d->difference) < 10 ? LTP_PLACE_LEAST : 10 * LTP_PLACE_LEAST;
    ltp_format_number(fabs(d->difference), fmax(d->standard_error, place), value, spread);
    if (!(d->standard_error >= place)) /* also where it is not known */
        *spread = '\0';
    if (verdict == LTP_VERDICT_NOISE)
        snprintf(buffer, 96, "not different beyond noise");
    else
        snprintf(buffer, 96, "£%.24sm%s%.24s %s", value, *spread ? " ± " : "", spread,
                 d->difference > 0 ? "larger" : "smaller");
    return buffer;
}

const char *ltp_text_cut(char buffer[256], const char *text, size_t width) {
    size_t end = 0;
    char whole[256];
    snprintf(whole, sizeof whole, "%s", text);
    for (char *c = whole; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7F)
            *c = '?';
    snprintf(buffer, 256, "%s", whole);
    while (ltp_text_width(buffer) > width && *whole) { /* from the end, character by character */
        end = strlen(whole) - 1;
        while (end > 0 && ((unsigned char)whole[end] & 0xC0) == 0x80)
            end--;
        whole[end] = '\0';
        snprintf(buffer, 256, "%.250s…", whole);
    }
    return buffer;
}

ltp_status ltp_compare_choose(const char *what, const char *word, const ltp_pair_axis *axis, ltp_compare_stretch *out,
                              ltp_error *error) {
    char list[400] = "";
    *out = (ltp_compare_stretch){0, axis->count};
    for (size_t k = 0; word && k < axis->count; k++)
        if (strcmp(axis->label[k], word) == 0) {
            *out = (ltp_compare_stretch){k, k + 1};
            return LTP_OK;
        }
    for (size_t k = 0, used = 0; word && k < axis->count && used < sizeof list - 1; k++)
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", k ? ", " : "", axis->label[k]);
    return word ? ltp_error_set(error, LTP_ERROR_USAGE, "there is no %s '%s' in both results; there is: %s", what, word,
                                list)
                : LTP_OK;
}

/* --- for programs ----------------------------------------------------------------------------------------------- */

static const ltp_report_column program_column[] = {
    {.name = "level", .kind = LTP_COLUMN_TEXT},     {.name = "code", .kind = LTP_COLUMN_TEXT},
    {.name = "name", .kind = LTP_COLUMN_TEXT},      {.name = "measure", .kind = LTP_COLUMN_TEXT},
    {.name = "statistic", .kind = LTP_COLUMN_TEXT}, {.name = "layer", .kind = LTP_COLUMN_TEXT},
    {.name = "item", .kind = LTP_COLUMN_TEXT},      {.name = "year", .kind = LTP_COLUMN_TEXT},
    {.name = "units", .kind = LTP_COLUMN_TEXT},     {.name = "a", .kind = LTP_COLUMN_NUMBER},
    {.name = "b", .kind = LTP_COLUMN_NUMBER},       {.name = "difference", .kind = LTP_COLUMN_NUMBER},
    {.name = "error", .kind = LTP_COLUMN_TEXT},     {.name = "says", .kind = LTP_COLUMN_TEXT}};

ltp_status ltp_compare_create_rows(ltp_report **report, ltp_error *error) {
    return ltp_report_create(report, sizeof program_column / sizeof *program_column, program_column, error);
}

ltp_status ltp_compare_add_row(ltp_report *report, const ltp_pair *pair, ltp_pair_place place, const char *statistic,
                               const char *layer, const ltp_difference *d, ltp_error *error) {
    const char *units = strncmp(statistic, "probability", 11) == 0 ? "1" : pair->side[0].view.units;
    const char *const text[] = {
        pair->level, pair->code.label[place.code], pair->code.name[place.code],  pair->measure, statistic,
        layer,       pair->item.label[place.item], pair->year.label[place.year], units};
    ltp_status status = LTP_OK;
    for (size_t k = 0; k < sizeof text / sizeof *text && !status; k++)
        status = ltp_report_text(report, text[k], error);
    for (int side = 0; side < 2 && !status; side++)
        status = ltp_report_number(report, d->value[side], d->error[side], error);
    if (!status)
        status = ltp_report_number(report, d->difference, d->standard_error, error);
    if (!status)
        status = ltp_report_text(report, ltp_basis_name[d->basis], error);
    return status ? status : ltp_report_text(report, ltp_difference_words(d, units), error);
}

/* --- one measure ------------------------------------------------------------------------------------------------ */

typedef struct {
    ltp_pair_place place;
    size_t layer;
    ltp_pair_statistic statistic;
    ltp_difference difference;
} measure_row;

typedef struct {
    ltp_pair pair;
    ltp_compare_stretch layer, code, item, year;
    size_t count, same;
    measure_row *row;
} measure_table;

static ltp_status choose_all(measure_table *table, const ltp_compare_choice *choice, ltp_error *error) {
    const ltp_pair *pair = &table->pair;
    const ltp_view *view = &pair->side[0].view;
    if (choice->item && !view->item_axis)
        return ltp_error_set(error, LTP_ERROR_USAGE, "measure '%s' is not by service: --service does not apply",
                             pair->measure);
    if (choice->layer && !view->by_layer && strcmp(choice->layer, view->only_layer) != 0)
        return ltp_error_set(error, LTP_ERROR_USAGE, "measure '%s' is of %s only: --layer does not apply",
                             pair->measure, view->only_layer);
    ltp_status status =
        ltp_compare_choose("layer", view->by_layer ? choice->layer : NULL, &pair->layer, &table->layer, error);
    if (!status)
        status = ltp_compare_choose(pair->level, choice->code, &pair->code, &table->code, error);
    if (!status)
        status = ltp_compare_choose(view->item_axis ? view->item_axis : "item", choice->item, &pair->item, &table->item,
                                    error);
    return status ? status : ltp_compare_choose("year", choice->year, &pair->year, &table->year, error);
}

static size_t length_of(ltp_compare_stretch stretch) {
    return stretch.end - stretch.first;
}

/* Every row that has a number; those that are the same only with `keep_same`. */
static ltp_status collect(measure_table *table, bool keep_same, ltp_error *error) {
    const ltp_pair *pair = &table->pair;
    const size_t room = length_of(table->layer) * length_of(table->code) * length_of(table->item) *
                        length_of(table->year) * LTP_PAIR_STATISTICS;
    const ltp_status status = LTP_POOL_NEW(pair->comparison->pool, &table->row, room + 1, error);
    if (status)
        return status;
    for (int s = 0; s < LTP_PAIR_STATISTICS; s++)
        for (size_t c = table->code.first; ltp_pair_has(pair, (ltp_pair_statistic)s) && c < table->code.end; c++)
            for (size_t l = table->layer.first; l < table->layer.end; l++)
                for (size_t i = table->item.first; i < table->item.end; i++)
                    for (size_t t = table->year.first; t < table->year.end; t++) {
                        measure_row row = {{c, i, t}, l, (ltp_pair_statistic)s, {{0}, {0}, 0, 0, LTP_BASIS_NONE}};
                        row.difference = ltp_pair_at(pair, row.statistic, l, row.place);
                        const bool same =
                            ltp_difference_verdict(&row.difference, pair->side[0].view.units) == LTP_VERDICT_SAME;
                        if (isnan(row.difference.difference))
                            continue;
                        table->same += same;
                        if (keep_same || !same)
                            table->row[table->count++] = row;
                    }
    return LTP_OK;
}

static int larger_first(const void *a, const void *b) {
    const measure_row *x = a, *y = b;
    if (x->statistic != y->statistic)
        return x->statistic < y->statistic ? -1 : 1;
    const double p = fabs(x->difference.difference), q = fabs(y->difference.difference);
    return (p < q) - (p > q);
}

static ltp_status print_rows(FILE *to, measure_table *table, ltp_report_format format, ltp_error *error) {
    static const char *const name[] = {"mean", "probability"};
    ltp_report *report;
    ltp_status status = ltp_compare_create_rows(&report, error);
    for (size_t k = 0; k < table->count && !status; k++) {
        const measure_row *row = &table->row[k];
        const char *layer = table->pair.side[0].view.by_layer ? table->pair.layer.label[row->layer]
                                                              : table->pair.side[0].view.only_layer;
        status =
            ltp_compare_add_row(report, &table->pair, row->place, name[row->statistic], layer, &row->difference, error);
    }
    if (!status)
        ltp_report_print(report, format, to);
    ltp_report_destroy(report);
    return status;
}

/* A column only where its rows may differ. */
static ltp_status create_people(const bool places[4], ltp_report **report, ltp_error *error) {
    static const char *const heading[] = {"code", "layer", "item", "year"};
    ltp_report_column column[10];
    size_t count = 0;
    for (int k = 0; k < 4; k++)
        if (places[k])
            column[count++] = (ltp_report_column){.name = heading[k], .heading = heading[k], .kind = LTP_COLUMN_TEXT};
    column[count++] = (ltp_report_column){"a", "A", LTP_COLUMN_NUMBER, LTP_STYLE_ROUNDED};
    column[count++] = (ltp_report_column){"b", "B", LTP_COLUMN_NUMBER, LTP_STYLE_ROUNDED};
    column[count++] = (ltp_report_column){"difference", "B less A", LTP_COLUMN_NUMBER, LTP_STYLE_DIFFERENCE};
    column[count++] = (ltp_report_column){"says", "in words", LTP_COLUMN_TEXT, LTP_STYLE_ERROR};
    return ltp_report_create(report, count, column, error);
}

static ltp_status add_people(const measure_table *table, const measure_row *row, const bool places[4],
                             ltp_report *report, ltp_error *error) {
    const ltp_pair *pair = &table->pair;
    const double factor = row->statistic == LTP_PAIR_PROBABILITY ? 100 : 1;
    const ltp_difference *d = &row->difference;
    char code[256], item[256];
    const char *const text[] = {ltp_text_cut(code, pair->code.label[row->place.code], 16),
                                pair->layer.label[row->layer], ltp_text_cut(item, pair->item.name[row->place.item], 30),
                                pair->year.label[row->place.year]};
    ltp_status status = LTP_OK;
    for (int k = 0; k < 4 && !status; k++)
        if (places[k])
            status = ltp_report_text(report, text[k], error);
    for (int side = 0; side < 2 && !status; side++)
        status = ltp_report_number(report, factor * d->value[side], factor * d->error[side], error);
    if (!status)
        status = ltp_report_number(report, factor * d->difference, factor * d->standard_error, error);
    return status ? status : ltp_report_text(report, ltp_difference_words(d, pair->side[0].view.units), error);
}

static ltp_status print_people(FILE *to, measure_table *table, size_t first, size_t end, ltp_error *error) {
    const ltp_view *view = &table->pair.side[0].view;
    bool places[4] = {length_of(table->code) > 1, view->by_layer && length_of(table->layer) > 1,
                      view->item_axis && length_of(table->item) > 1, length_of(table->year) > 1};
    const bool probability = table->row[first].statistic == LTP_PAIR_PROBABILITY;
    ltp_report *report;
    ltp_status status = create_people(places, &report, error);
    for (size_t k = first; k < end && !status; k++)
        status = add_people(table, &table->row[k], places, report, error);
    if (!status) {
        if (probability)
            fprintf(to, "\nIn %% of futures: %s\n", view->event ? view->event : "probability");
        else
            fprintf(to, "\nMean, %s\n", strcmp(view->units, "service_unit") == 0 ? "each service's unit" : view->units);
        ltp_report_print(report, LTP_REPORT_TABLE, to);
    }
    ltp_report_destroy(report);
    return status;
}

/* Means, then probabilities; of more than ROWS_MOST the largest. */
static ltp_status print_tables(FILE *to, measure_table *table, bool everything, ltp_error *error) {
    const ltp_view *view = &table->pair.side[0].view;
    const char *what = strchr(view->long_name, ';');
    ltp_status status = LTP_OK;
    fprintf(to, "\n%.*s, by %s", (int)(what ? what - view->long_name : (long)strlen(view->long_name)), view->long_name,
            table->pair.level);
    const struct {
        const ltp_pair_axis *axis;
        ltp_compare_stretch stretch;
    } one[] = {{&table->pair.code, table->code},
               {&table->pair.layer, table->layer},
               {&table->pair.item, table->item},
               {&table->pair.year, table->year}};
    for (int k = 0; k < 4; k++)
        if (length_of(one[k].stretch) == 1 && *one[k].axis->label[one[k].stretch.first])
            fprintf(to, ", %s", one[k].axis->label[one[k].stretch.first]);
    fputc('\n', to);
    for (size_t first = 0, end = 0; first < table->count && !status; first = end) {
        for (end = first; end < table->count && table->row[end].statistic == table->row[first].statistic;)
            end++;
        const bool cut = !everything && end - first > ROWS_MOST;
        if (cut)
            qsort(table->row + first, end - first, sizeof *table->row, larger_first);
        status = print_people(to, table, first, cut ? first + ROWS_MOST : end, error);
        if (cut)
            fprintf(to, "The %d largest; %zu smaller left out (--all shows them).\n", ROWS_MOST,
                    end - first - ROWS_MOST);
    }
    if (table->same && !everything)
        fprintf(to, "%zu %s the same in both and not shown (--all shows them).\n", table->same,
                table->same == 1 ? "figure is" : "figures are");
    return status;
}

ltp_status ltp_compare_measure(FILE *to, const ltp_comparison *comparison, const ltp_compare_choice *choice,
                               ltp_report_format format, ltp_error *error) {
    const char *level = choice->level ? choice->level : "system", *measure = choice->measure ? choice->measure : "gap";
    measure_table table = {.count = 0};
    if (!ltp_pair_there(comparison, level, measure))
        return ltp_error_set(error, LTP_ERROR_USAGE,
                             "the results do not both hold a measure '%s' by %s; ltpsim list measures names what there "
                             "may be",
                             measure, level);
    ltp_status status = ltp_pair_open(&table.pair, comparison, level, measure, error);
    if (!status)
        status = choose_all(&table, choice, error);
    if (!status)
        status = collect(&table, choice->everything || format != LTP_REPORT_TABLE, error);
    if (status)
        return status;
    return format == LTP_REPORT_TABLE ? print_tables(to, &table, choice->everything, error)
                                      : print_rows(to, &table, format, error);
}
