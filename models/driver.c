#include "models/driver.h"

#include "models/lane.h"

static ltp_draw_key draw_key(const ltp_model *model, const ltp_state *state, uint64_t stream, uint64_t member,
                             int year) {
    return (ltp_draw_key){
        .seed = model->seed, .stream = stream, .member = member, .year = (uint32_t)year, .block = state->block};
}

/* z = persistence · z + innovation · e */
LTP_HOT static void persist(double *restrict z, double persistence, double innovation, const double *restrict e) {
    z = __builtin_assume_aligned(z, 64);
    e = __builtin_assume_aligned(e, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_BLOCK; i++)
        z[i] = persistence * z[i] + innovation * e[i];
}

static void draw_factor(const ltp_model *model, const ltp_state *state, const ltp_factor *factor, int year, double *e) {
    ltp_draw_key key = draw_key(model, state, factor->stream, factor->member, year);
    ltp_draw_normal(&key, model->sampling, e);
}

static void independent_factor(const ltp_model *model, ltp_state *state, int index, int year) {
    const ltp_factor *factor = &model->factor[index];
    double *z = ltp_block_row(state->z, index);
    if (year == 1) {
        draw_factor(model, state, factor, year, z);
    } else if (factor->innovation > 0.0) {
        draw_factor(model, state, factor, year, state->innovation);
        persist(z, factor->persistence, factor->innovation, state->innovation);
    }
}

/* A connected component of correlated national parts. Rows in name order, so that nothing outside it moves. */
static void component_year(const ltp_model *model, ltp_state *state, const ltp_component *component, int year) {
    const int n = component->count;
    const double *factor = year == 1 ? component->first : component->later;
    for (int k = 0; k < n; k++)
        draw_factor(model, state, &model->factor[component->factor[k]], year, ltp_block_row(state->innovation, k));
    for (int k = 0; k < n; k++) {
        double *z = ltp_block_row(state->z, component->factor[k]);
        const double persistence = year == 1 ? 0.0 : model->factor[component->factor[k]].persistence;
        persist(z, persistence, factor[k * n], ltp_block_row(state->innovation, 0));
        for (int j = 1; j <= k; j++)
            if (factor[k * n + j] != 0.0)
                ltp_lane_add_scaled(z, factor[k * n + j], ltp_block_row(state->innovation, j), LTP_BLOCK);
    }
}

void ltp_driver_year(const ltp_model *model, ltp_state *state, int year) {
    if (model->sampling == LTP_SAMPLING_EXPECTED)
        return;
    for (int c = 0; c < model->component_count; c++)
        if (year <= model->component[c].last_year)
            component_year(model, state, &model->component[c], year);
    for (int f = 0; f < model->factor_count; f++)
        if (!model->factor[f].copula && year <= model->factor[f].last_year)
            independent_factor(model, state, f, year);
}

/* x = Σ weight · z over the shares that are there. */
LTP_HOT static void mix3(double *restrict x, const double *restrict a, double wa, const double *restrict b, double wb,
                         const double *restrict c, double wc) {
    x = __builtin_assume_aligned(x, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_BLOCK; i++)
        x[i] = wa * a[i] + wb * b[i] + wc * c[i];
}

LTP_HOT static void mix2(double *restrict x, const double *restrict a, double wa, const double *restrict b, double wb) {
    x = __builtin_assume_aligned(x, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_BLOCK; i++)
        x[i] = wa * a[i] + wb * b[i];
}

void ltp_value_row(const ltp_model *model, ltp_state *state, int index, int year, double *x) {
    const ltp_value *value = &model->value[index];
    const ltp_transform *transform = &value->transform[year - 1];
    if (model->sampling == LTP_SAMPLING_EXPECTED) {
        ltp_lane_fill(x, transform->mean, LTP_BLOCK);
        return;
    }
    if (transform->kind == LTP_TRANSFORM_AFFINE && transform->slope == 0.0) {
        ltp_lane_fill(x, transform->intercept, LTP_BLOCK);
        return;
    }
    const double *row[LTP_SHARE_COUNT];
    double weight[LTP_SHARE_COUNT];
    int n = 0;
    for (int k = 0; k < LTP_SHARE_COUNT; k++)
        if (value->factor[k] >= 0) {
            row[n] = ltp_block_row(state->z, value->factor[k]);
            weight[n++] = value->weight[k];
        }
    double *mixed = ltp_block_row(state->innovation, 1);
    if (n == 3)
        mix3(mixed, row[0], weight[0], row[1], weight[1], row[2], weight[2]);
    else if (n == 2)
        mix2(mixed, row[0], weight[0], row[1], weight[1]);
    /* a single share is 1 */
    ltp_transform_apply(transform, n == 1 ? row[0] : mixed, x, LTP_BLOCK, &state->beyond);
}

void ltp_variable_row(const ltp_model *model, ltp_state *state, int index, int year, double *x) {
    const ltp_variable *variable = &model->variable[index];
    if (model->sampling == LTP_SAMPLING_EXPECTED) {
        ltp_lane_fill(x, variable->expected[year - 1], LTP_BLOCK);
        return;
    }
    if (variable->value_count == 0)
        ltp_lane_fill(x, 0.0, LTP_BLOCK);
    for (int k = 0; k < variable->value_count; k++) {
        if (k == 0) {
            ltp_value_row(model, state, variable->value[k], year, x);
        } else {
            double *more = state->innovation;
            ltp_value_row(model, state, variable->value[k], year, more);
            ltp_lane_add(x, more, LTP_BLOCK);
        }
    }
    for (int k = 0; k < variable->event_count; k++)
        ltp_event_add(model, state, variable->event[k], year, x);
}

/* now = before · (scale · (1 + x)) */
LTP_HOT static void grow(double *now, const double *before, double scale, const double *restrict x) {
#pragma omp simd
    for (size_t i = 0; i < LTP_BLOCK; i++)
        now[i] = before[i] * (scale * (1.0 + x[i]));
}

/* The same with x = intercept + slope · (wa·a + wb·b + wc·c): the same operations in the same order. */
LTP_HOT static void grow_normal(double *now, const double *before, double scale, const ltp_transform *transform,
                                const double *const row[3], const double weight[3]) {
    const double *a = row[0], *b = row[1], *c = row[2];
    const double wa = weight[0], wb = weight[1], wc = weight[2];
    const double intercept = transform->intercept, slope = transform->slope;
#pragma omp simd
    for (size_t i = 0; i < LTP_BLOCK; i++) {
        double x = intercept + slope * (wa * a[i] + wb * b[i] + wc * c[i]);
        now[i] = before[i] * (scale * (1.0 + x));
    }
}

void ltp_variable_grow(const ltp_model *model, ltp_state *state, int index, int year, double scale,
                       const double *before, double *now) {
    const ltp_variable *variable = &model->variable[index];
    const bool one = variable->value_count == 1 && variable->event_count == 0;
    const ltp_value *value = one ? &model->value[variable->value[0]] : NULL;
    if (one && model->sampling != LTP_SAMPLING_EXPECTED && value->transform[year - 1].kind == LTP_TRANSFORM_AFFINE &&
        value->transform[year - 1].slope != 0.0 && value->factor[0] >= 0 && value->factor[1] >= 0 &&
        value->factor[2] >= 0) {
        const double *row[LTP_SHARE_COUNT];
        for (int k = 0; k < LTP_SHARE_COUNT; k++)
            row[k] = ltp_block_row(state->z, value->factor[k]);
        grow_normal(now, before, scale, &value->transform[year - 1], row, value->weight);
        return;
    }
    ltp_variable_row(model, state, index, year, state->x);
    grow(now, before, scale, state->x);
}

/* severity · [u < probability] */
LTP_HOT static void occur(double *restrict severity, const double *restrict u, double probability) {
    severity = __builtin_assume_aligned(severity, 64);
    u = __builtin_assume_aligned(u, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_BLOCK; i++)
        severity[i] = u[i] < probability ? severity[i] : 0.0;
}

void ltp_event_year(const ltp_model *model, ltp_state *state, int year) {
    if (model->sampling == LTP_SAMPLING_EXPECTED)
        return;
    for (int e = 0; e < model->event_count; e++) {
        const ltp_rare_event *event = &model->event[e];
        double *severity = ltp_block_row(state->severity, e * model->year_count + year - 1);
        if (year < event->first_year || year > event->last_year) {
            ltp_lane_fill(severity, 0.0, LTP_BLOCK);
            continue;
        }
        double *u = ltp_block_row(state->innovation, 0), *z = ltp_block_row(state->innovation, 1);
        ltp_draw_key key = draw_key(model, state, event->severity_stream, event->member, year);
        ltp_draw_normal(&key, model->sampling, z);
        ltp_transform_apply(event->severity, z, severity, LTP_BLOCK, &state->beyond);
        key = draw_key(model, state, event->start_stream, event->member, year);
        ltp_draw_uniform(&key, model->sampling, u);
        occur(severity, u, event->probability);
    }
}

void ltp_event_add(const ltp_model *model, ltp_state *state, int index, int year, double *x) {
    const ltp_rare_event *event = &model->event[index];
    for (int start = year - event->duration + 1; start <= year; start++)
        if (start >= event->first_year && start <= event->last_year)
            ltp_lane_add(x, ltp_block_row(state->severity, index * model->year_count + start - 1), LTP_BLOCK);
}
