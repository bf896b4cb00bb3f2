/* What unresolved differences of fixed contracts cost a payer and gain a payee: payer's + λ (payee's − payer's), with
 * the draws of λ that a run of the same seed makes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/driver.h"
#include "sim/core/memory.h"
#include "sim/triangulate.h"

/* As many blocks as an honest standard error needs (numerics.md, section 2). */
#define BLOCKS 20
#define PATHS ((size_t)BLOCKS * LTP_BLOCK)

static const double level[LTP_RISK_QUANTILE_COUNT] = {0.1, 0.5, 0.9};

/* £m at λ = 1 of one contract in a series. */
typedef struct {
    const char *code;
    ltp_risk_role role;
    int year, lambda;
    double amount;
} term;

typedef struct {
    ltp_triangulation *out;
    size_t term_count;
    term *term;
    double **sample; /* [lambda × years + year − 1] PATHS values of λ; NULL: not needed */
    double *path, *sorted;
} drawing;

static int by_series(const void *left, const void *right) {
    const term *x = left, *y = right;
    if (x->role != y->role)
        return x->role < y->role ? -1 : 1;
    int order = strcmp(x->code, y->code);
    if (!order)
        order = (x->year > y->year) - (x->year < y->year);
    if (!order)
        order = (x->lambda > y->lambda) - (x->lambda < y->lambda);
    return order ? order : (x->amount > y->amount) - (x->amount < y->amount);
}

static bool same_series(const term *a, const term *b) {
    return a->role == b->role && a->year == b->year && strcmp(a->code, b->code) == 0;
}

static double share_in(const ltp_roster *roster, size_t system, const char *code, const ltp_plan *plan) {
    size_t organisation;
    if (!ltp_triangulate_modelled(plan, code, &organisation))
        return 0.0;
    for (size_t m = 0; m < roster->membership_count; m++)
        if (roster->membership[m].system == system && roster->membership[m].organisation == organisation)
            return roster->membership[m].share;
    return 0.0;
}

/* Payer, payee, and every system that one of them belongs to: what its payers pay less what its payees gain. */
static void add_terms(drawing *d, const ltp_triangle *line) {
    const ltp_plan *plan = d->out->plan;
    const ltp_label_axis *systems = &plan->roster.level[LTP_LEVEL_SYSTEM];
    term one = {line->payer, LTP_RISK_PAYS, line->year, line->lambda, line->difference};
    d->term[d->term_count++] = one;
    one.role = LTP_RISK_RECEIVES;
    one.code = line->payee;
    d->term[d->term_count++] = one;
    for (size_t s = 0; s < systems->count; s++) {
        const double paid = share_in(&plan->roster, s, line->payer, plan);
        const double received = share_in(&plan->roster, s, line->payee, plan);
        one.role = LTP_RISK_SYSTEM;
        one.code = systems->code[s];
        one.amount = (paid - received) * line->difference;
        if (paid > 0.0 || received > 0.0)
            d->term[d->term_count++] = one;
    }
}

/* The part of the model that λ hangs on: the same draws as in a run, without those that nothing here reads. */
typedef struct {
    ltp_model model;
    ltp_factor *factor;
    ltp_component *component;
} lambda_model;

static void read_factors(const ltp_model *from, lambda_model *to, int lambda) {
    if (from->lambda[lambda] < 0)
        return;
    const ltp_variable *variable = &from->variable[from->lambda[lambda]];
    for (int v = 0; v < variable->value_count; v++)
        for (int k = 0; k < LTP_SHARE_COUNT; k++) {
            const int factor = from->value[variable->value[v]].factor[k];
            if (factor >= 0)
                to->factor[factor].last_year = from->year_count;
        }
}

static ltp_status make_model(const ltp_triangulation *out, const bool *wanted, lambda_model *to, ltp_error *error) {
    const ltp_model *from = &out->plan->model;
    ltp_status status = LTP_POOL_NEW(out->pool, &to->factor, (size_t)from->factor_count + 1, error);
    if (!status)
        status = LTP_POOL_NEW(out->pool, &to->component, (size_t)from->component_count + 1, error);
    if (status)
        return status;
    for (int f = 0; f < from->factor_count; f++) {
        to->factor[f] = from->factor[f];
        to->factor[f].last_year = 0;
    }
    for (int l = 0; l < from->lambda_count; l++)
        if (wanted[l])
            read_factors(from, to, l);
    for (int c = 0; c < from->component_count; c++) {
        to->component[c] = from->component[c];
        to->component[c].last_year = 0;
        for (int k = 0; k < from->component[c].count; k++)
            if (to->factor[from->component[c].factor[k]].last_year > 0)
                to->component[c].last_year = from->year_count;
    }
    to->model = *from;
    to->model.factor = to->factor;
    to->model.component = to->component;
    return LTP_OK;
}

static void draw_blocks(const ltp_model *model, const ltp_model *whole, ltp_state *state, drawing *d) {
    for (uint32_t block = 0; block < BLOCKS; block++) {
        state->block = block;
        for (int year = 1; year <= model->year_count; year++) {
            ltp_driver_year(model, state, year);
            ltp_event_year(model, state, year);
            for (int l = 0; l < whole->lambda_count; l++) {
                double *sample = d->sample[l * model->year_count + year - 1];
                if (!sample)
                    continue;
                sample += (size_t)block * LTP_BLOCK;
                if (whole->lambda[l] >= 0)
                    ltp_variable_row(model, state, whole->lambda[l], year, sample);
                for (size_t i = 0; whole->lambda[l] < 0 && i < LTP_BLOCK; i++)
                    sample[i] = LTP_LAMBDA_MEAN;
            }
        }
    }
}

static ltp_status draw_lambda(drawing *d, ltp_error *error) {
    const ltp_model *whole = &d->out->plan->model;
    const size_t rows = (size_t)whole->lambda_count * (size_t)whole->year_count;
    lambda_model slim;
    bool *wanted;
    ltp_status status = LTP_POOL_NEW(d->out->pool, &wanted, (size_t)whole->lambda_count + 1, error);
    if (!status)
        status = LTP_POOL_NEW(d->out->pool, &d->sample, rows + 1, error);
    for (size_t k = 0; k < d->term_count && !status; k++) {
        double **sample = &d->sample[d->term[k].lambda * whole->year_count + d->term[k].year - 1];
        wanted[d->term[k].lambda] = true;
        if (!*sample)
            status = LTP_POOL_NEW(d->out->pool, sample, PATHS, error);
    }
    if (!status)
        status = make_model(d->out, wanted, &slim, error);
    if (status)
        return status;
    /* Of a state, what drivers are drawn in. */
    ltp_state state = {0};
    const size_t factors = (size_t)whole->factor_count, events = (size_t)whole->event_count;
    size_t scratch = 2;
    for (int k = 0; k < whole->component_count; k++)
        scratch = (size_t)whole->component[k].count > scratch ? (size_t)whole->component[k].count : scratch;
    double *memory;
    status =
        LTP_NEW(&memory, (factors + scratch + events * (size_t)whole->year_count) * LTP_ROW_STRIDE, "the draws", error);
    if (status)
        return status;
    state.z = memory;
    state.innovation = state.z + factors * LTP_ROW_STRIDE;
    state.severity = state.innovation + scratch * LTP_ROW_STRIDE;
    draw_blocks(&slim.model, whole, &state, d);
    ltp_free(memory);
    return status;
}

static int by_size(const void *left, const void *right) {
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Smallest value with F ≥ p. */
static double quantile(const double *sorted, double p) {
    const double place = ceil(p * (double)PATHS) - 1.0;
    return sorted[place < 0.0 ? 0 : place > (double)PATHS - 1.0 ? PATHS - 1 : (size_t)place];
}

/* Half the distance of the quantiles at p ± s, s the standard error of F there from the spread between blocks. */
static double quantile_error(const drawing *d, double q, double p) {
    double sum = 0.0, square = 0.0;
    for (size_t block = 0; block < BLOCKS; block++) {
        double below = 0.0;
        for (size_t i = 0; i < LTP_BLOCK; i++)
            below += d->path[block * LTP_BLOCK + i] <= q;
        below /= LTP_BLOCK;
        sum += below;
        square += below * below;
    }
    const double variance = (square - sum * sum / BLOCKS) / (BLOCKS - 1);
    const double s = sqrt(variance > 0.0 ? variance / BLOCKS : 0.0);
    return (quantile(d->sorted, p + s) - quantile(d->sorted, p - s)) / 2.0;
}

/* One series from its terms, in canonical order: what is paid is received, path by path, to the last bit. */
static void add_series(drawing *d, const term *first, size_t count) {
    ltp_risk *risk = &d->out->risk[d->out->risk_count++];
    *risk = (ltp_risk){.code = first->code, .role = first->role, .year = first->year};
    memset(d->path, 0, PATHS * sizeof *d->path);
    for (size_t k = 0; k < count; k++) {
        const double *sample = d->sample[first[k].lambda * d->out->plan->model.year_count + first[k].year - 1];
        risk->difference += first[k].amount;
        for (size_t i = 0; i < PATHS && first[k].amount != 0.0; i++)
            d->path[i] += first[k].amount * sample[i];
    }
    memcpy(d->sorted, d->path, PATHS * sizeof *d->path);
    qsort(d->sorted, PATHS, sizeof *d->sorted, by_size);
    for (int q = 0; q < LTP_RISK_QUANTILE_COUNT; q++) {
        risk->quantile[q] = quantile(d->sorted, level[q]);
        risk->error[q] = quantile_error(d, risk->quantile[q], level[q]);
    }
}

ltp_status ltp_triangulate_risk(ltp_triangulation *out, ltp_error *error) {
    const size_t systems = out->plan->roster.level[LTP_LEVEL_SYSTEM].count;
    drawing d = {.out = out};
    ltp_status status = LTP_POOL_NEW(out->pool, &d.term, out->line_count * (2 + systems) + 1, error);
    for (size_t k = 0; k < out->line_count && !status; k++)
        if (out->line[k].lambda >= 0 && out->line[k].difference != 0.0 && out->line[k].year > 0)
            add_terms(&d, &out->line[k]);
    out->risk_path_count = PATHS;
    if (status || d.term_count == 0)
        return status;
    qsort(d.term, d.term_count, sizeof *d.term, by_series);
    status = draw_lambda(&d, error);
    if (!status)
        status = LTP_POOL_NEW(out->pool, &out->risk, d.term_count, error);
    if (!status)
        status = LTP_POOL_NEW(out->pool, &d.path, PATHS, error);
    if (!status)
        status = LTP_POOL_NEW(out->pool, &d.sorted, PATHS, error);
    for (size_t k = 0; k < d.term_count && !status;) {
        size_t count = 1;
        while (k + count < d.term_count && same_series(&d.term[k], &d.term[k + count]))
            count++;
        add_series(&d, &d.term[k], count);
        k += count;
    }
    return status;
}
