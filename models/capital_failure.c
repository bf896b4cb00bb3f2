/* Failures of high-risk backlog that was not funded, or that a scheme under way has yet to clear. */
#include "models/capital_rows.h"
#include "models/driver.h"
#include "models/lane.h"
#include "models/transform.h"
#include "sim/core/draw.h"

#define TAIL 1e-12      /* of the count: beyond it the count is that of the tail, and the draw is counted */
#define RATE_MOST 700.0 /* failures a year: e^−λ stays a normal number */
#define COUNT_MOST 2000 /* beyond any count at RATE_MOST within the tail */

/* e^−x, 0 ≤ x ≤ 700, relative error below 1e-15: 2^−n · e^r with |r| ≤ ln 2 / 2, e^r by its series to r¹³/13!. Own
 * arithmetic, since hot loops call no libm. */
LTP_INLINE double exponential(double x) {
    const double high = 0x1.62e42fefa38p-1, low = 0x1.ef35793c7673p-45; /* ln 2, the first with room for n */
    const int n = (int)(x * 1.4426950408889634 + 0.5);
    const double r = (n * high - x) + n * low;
    double sum = 1.0 / 6227020800.0;
    sum = sum * r + 1.0 / 479001600.0;
    sum = sum * r + 1.0 / 39916800.0;
    sum = sum * r + 1.0 / 3628800.0;
    sum = sum * r + 1.0 / 362880.0;
    sum = sum * r + 1.0 / 40320.0;
    sum = sum * r + 1.0 / 5040.0;
    sum = sum * r + 1.0 / 720.0;
    sum = sum * r + 1.0 / 120.0;
    sum = sum * r + 1.0 / 24.0;
    sum = sum * r + 1.0 / 6.0;
    sum = sum * r + 0.5;
    sum = sum * r + 1.0;
    sum = sum * r + 1.0;
    const union {
        uint64_t bits;
        double value;
    } scale = {.bits = (uint64_t)(1023 - n) << 52};
    return sum * scale.value;
}

/* λ = rate · £m; what is beyond the bounds of the inversion is moved to them and counted. */
LTP_HOT static uint64_t rates(double *restrict lambda, double *restrict chance, double *restrict below,
                              double *restrict count, const double *restrict rate, const double *restrict backlog) {
    uint64_t moved = 0;
    for (size_t i = 0; i < LTP_TILE; i++)
        moved += rate[i] * backlog[i] > RATE_MOST;
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++) {
        const double wanted = rate[i] * backlog[i], least = wanted > 0.0 ? wanted : 0.0;
        lambda[i] = least < RATE_MOST ? least : RATE_MOST;
        chance[i] = below[i] = exponential(lambda[i]);
        count[i] = 0.0;
    }
    return moved;
}

/* One more where u lies above F(n − 1); then F(n). Whether any did. */
LTP_HOT static uint64_t count_on(double *restrict count, double *restrict chance, double *restrict below,
                                 const double *restrict lambda, const double *restrict u, double n) {
    uint64_t any = 0;
    for (size_t i = 0; i < LTP_TILE; i++)
        any += u[i] > below[i] && 1.0 - TAIL > below[i];
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++) {
        const double inside = u[i] < 1.0 - TAIL ? u[i] : 1.0 - TAIL;
        count[i] += inside > below[i] ? 1.0 : 0.0;
        chance[i] *= lambda[i] / n;
        below[i] += chance[i];
    }
    return any;
}

static double transformed(const ltp_transform *transform, double z) {
    size_t step = 0;
    if (transform->kind == LTP_TRANSFORM_AFFINE)
        return transform->intercept + transform->slope * z;
    if (transform->kind == LTP_TRANSFORM_TABLE)
        return ltp_table_value(transform->table, z);
    while (step + 1 < transform->step_count && z > transform->threshold[step])
        step++;
    return transform->step_value[step];
}

/* Cost of the n-th failure (from 0) of one path: plain draws, the same in every layer. */
static double one_cost(const ltp_capital_view *view, const ltp_estate *estate, size_t path, uint32_t n) {
    const ltp_capital *capital = &view->model->capital;
    double cost = 0.0;
    for (int k = 0; k < capital->failure_cost_count; k++) {
        const ltp_draw_key key = {.seed = view->model->seed,
                                  .stream = capital->failure_cost[k].stream,
                                  .member = estate->member,
                                  .year = (uint32_t)view->year,
                                  .block = view->state->block};
        cost += transformed(&capital->failure_cost[k].transform[view->year - 1],
                            ltp_normal_quantile(ltp_draw_plain(&key, (uint32_t)path, n)));
    }
    return cost;
}

/* Cost of a path's first `count` failures; the first few are kept for the variants that follow. */
static double sum_cost(const ltp_capital_view *view, const ltp_estate *estate, size_t path, int count) {
    double *kept = ltp_block_row(view->rows->cost, estate->failure * LTP_FAILURE_KEPT) + path;
    uint8_t *drawn = &view->rows->drawn[(size_t)estate->failure * LTP_BLOCK + path];
    const int near = count < LTP_FAILURE_KEPT ? count : LTP_FAILURE_KEPT;
    for (int n = *drawn; n < near; n++, ++*drawn)
        kept[n * LTP_ROW_STRIDE] =
            (n ? kept[(n - 1) * LTP_ROW_STRIDE] : 0.0) + one_cost(view, estate, path, (uint32_t)n);
    double sum = near ? kept[(near - 1) * LTP_ROW_STRIDE] : 0.0;
    for (int n = near; n < count; n++)
        sum += one_cost(view, estate, path, (uint32_t)n);
    return sum;
}

LTP_HOT static void expected(double *restrict cost, const double *restrict rate, const double *restrict backlog,
                             double mean) {
    cost = __builtin_assume_aligned(cost, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++)
        cost[i] = rate[i] * backlog[i] * mean;
}

/* exposed += what a scheme begun in an earlier year has taken on and not cleared by the end of the last one */
LTP_HOT static void expose(double *restrict exposed, const double *restrict clearing, const double *restrict age,
                           const double *restrict opening, const double *restrict price, double year) {
    exposed = __builtin_assume_aligned(exposed, 64);
#pragma omp simd
    for (size_t i = 0; i < LTP_TILE; i++)
        exposed[i] += age[i] > 1.0 && opening[i] >= year ? clearing[i] * price[i] : 0.0;
}

/* £m of high-risk backlog that may fail. */
static const double *exposed_backlog(const ltp_capital_view *view, const ltp_estate *estate, double *exposed) {
    const ltp_capital *capital = &view->model->capital;
    const double *price = ltp_capital_input_row(view, estate->building, view->state->one);
    ltp_lane_copy(exposed, ltp_capital_row(view, view->own->carried, estate->line[LTP_NEED_HIGH]), LTP_TILE);
    for (int k = estate->scheme_first; k < estate->scheme_first + estate->scheme_count; k++) {
        const int q = capital->scheme_of_estate[k];
        if (capital->scheme[q].clears > 0.0 && ltp_scheme_in(view->model, view->variant, q))
            expose(exposed, ltp_capital_row(view, view->own->clearing, q), ltp_capital_row(view, view->own->age, q),
                   ltp_capital_row(view, view->own->opening, q), price, view->year);
    }
    return exposed;
}

static void estate_failures(const ltp_capital_view *view, int index) {
    const ltp_capital *capital = &view->model->capital;
    const ltp_estate *estate = &capital->estate[index];
    double *const *scratch = view->rows->scratch, *count = scratch[3];
    double *cost = ltp_capital_row(view, view->own->failure, index);
    const double *rate = ltp_capital_input_row(view, estate->failure_rate, NULL);
    const double *backlog = exposed_backlog(view, estate, scratch[4]);
    if (view->model->sampling == LTP_SAMPLING_EXPECTED) {
        double mean = 0.0;
        for (int k = 0; k < capital->failure_cost_count; k++)
            mean += capital->failure_cost[k].transform[view->year - 1].mean;
        expected(cost, rate, backlog, mean);
        return;
    }
    const double *u = ltp_block_row(view->rows->uniform, estate->failure) + view->lane;
    view->state->beyond += rates(scratch[0], scratch[1], scratch[2], count, rate, backlog);
    for (int n = 1; n <= COUNT_MOST && count_on(count, scratch[1], scratch[2], scratch[0], u, n); n++)
        continue;
    for (size_t i = 0; i < LTP_TILE; i++) {
        view->state->beyond += u[i] > 1.0 - TAIL && scratch[0][i] > 0.0;
        cost[i] = count[i] > 0.0 ? sum_cost(view, estate, view->lane + i, (int)count[i]) : 0.0;
    }
}

void ltp_capital_failures(const ltp_capital_view *view) {
    for (int e = 0; e < view->model->capital.estate_count; e++)
        if (view->model->capital.estate[e].failure >= 0)
            estate_failures(view, e);
}
