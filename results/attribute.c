#include "results/attribute.h"

#include <math.h>
#include <pthread.h>
#include <string.h>

#include "results/accumulate.h"
#include "results/summary.h"

/* Binary digits after the point of Σ mean and Σ mean²: £m to 1e-12, means up to £10^11m. */
enum { DIGITS = 40, SQUARE_DIGITS = 40 };

const char *const ltp_effect_name[LTP_EFFECT_COUNT] = {"sponsor_gain", "system_gain", "moved_inside", "moved_outside",
                                                       "saved"};
const char *const ltp_effect_doc[LTP_EFFECT_COUNT] = {
    "what the programme takes off its sponsors' gaps", "what the programme takes off the gaps of its sponsors' systems",
    "cost moved inside the systems: the sponsors' gain less their systems', where positive on the path",
    "cost moved outside: what organisations outside the systems' totals lose together, where positive on the path",
    "what the programme takes off the gaps of all modelled organisations together"};

typedef struct {
    ltp_int128 sum, square; /* of block means */
} mean_sum;

/* Series of the steps and of Shapley less step: [entity of any level][test][year]; of programmes' effects: [effect]
 * [programme][year]; of gains: [programme][organisation][year]. */
struct ltp_attributor {
    const ltp_roster *roster;
    const ltp_attribution *plan;
    bool expected;
    size_t years, tests, programmes, organisations, entities;
    size_t first[LTP_LEVEL_ENGLAND + 1]; /* entity of a level's first */
    mean_sum *step, *excess, *effect, *gain;
    uint64_t blocks, subset_blocks;
    pthread_mutex_t door;
};

/* Two sums over organisations and the whole, each a row of paths: with the plan and without a programme. */
enum { SPONSOR, INSIDE, OUTSIDE, PARTS };

struct ltp_attributor_block {
    ltp_attributor *attributor;
    uint32_t index;
    bool subsets;
    double *own, *subset;   /* mean gap [layer][entity][year] */
    double *plan, *without; /* rows [programme × PARTS] of the year */
    int *plan_year;         /* [programme] the year whose rows stand, 0 none */
    int *without_year;      /* likewise */
    double *effect;         /* mean [effect][programme][year] */
    double *gap;            /* rows [organisation] */
    double *work;           /* two rows */
};

static size_t series(const ltp_attributor *a, size_t entity, size_t test, size_t year) {
    return (entity * a->tests + test) * a->years + year;
}

static size_t effect_series(const ltp_attributor *a, int effect, size_t programme, size_t year) {
    return ((size_t)effect * a->programmes + programme) * a->years + year;
}

static size_t gain_series(const ltp_attributor *a, size_t programme, size_t organisation, size_t year) {
    return (programme * a->organisations + organisation) * a->years + year;
}

static void measure(ltp_attributor *a, const ltp_roster *roster, const ltp_attribution *plan) {
    a->roster = roster;
    a->plan = plan;
    a->years = roster->year.count;
    a->tests = plan->test.count;
    a->programmes = plan->programme.count;
    a->organisations = roster->level[LTP_LEVEL_ORGANISATION].count;
    for (int level = 0; level <= LTP_LEVEL_ENGLAND; level++) {
        a->first[level] = a->entities;
        a->entities += roster->level[level].count;
    }
}

ltp_status ltp_attributor_create(ltp_attributor **out, const ltp_roster *roster, const ltp_attribution *attribution,
                                 bool expected, ltp_error *error) {
    ltp_attributor *a;
    *out = NULL;
    ltp_status status = LTP_NEW(&a, 1, "attribution", error);
    if (status)
        return status;
    pthread_mutex_init(&a->door, NULL);
    measure(a, roster, attribution);
    a->expected = expected;
    status = LTP_NEW(&a->step, a->entities * a->tests * a->years, "attribution to tests", error);
    if (!status)
        status = LTP_NEW(&a->excess, a->entities * a->tests * a->years, "attribution to tests", error);
    if (!status)
        status = LTP_NEW(&a->effect, LTP_EFFECT_COUNT * a->programmes * a->years, "attribution to programmes", error);
    if (!status)
        status = LTP_NEW(&a->gain, a->programmes * a->organisations * a->years, "attribution to programmes", error);
    if (status)
        ltp_attributor_destroy(a);
    else
        *out = a;
    return status;
}

const ltp_attribution *ltp_attributor_plan(const ltp_attributor *a) {
    return a->plan;
}

void ltp_attributor_destroy(ltp_attributor *a) {
    if (!a)
        return;
    pthread_mutex_destroy(&a->door);
    ltp_free(a->step);
    ltp_free(a->excess);
    ltp_free(a->effect);
    ltp_free(a->gain);
    ltp_free(a);
}

ltp_status ltp_attributor_block_create(ltp_attributor_block **out, ltp_attributor *a, ltp_error *error) {
    ltp_attributor_block *block;
    const size_t rows = a->programmes * PARTS * LTP_BLOCK;
    *out = NULL;
    ltp_status status = LTP_NEW(&block, 1, "attribution of a block", error);
    if (status)
        return status;
    block->attributor = a;
    status = LTP_NEW(&block->own, a->roster->layer.count * a->entities * a->years, "attribution of a block", error);
    if (!status)
        status = LTP_NEW(&block->subset, (size_t)a->plan->layer_count * a->entities * a->years,
                         "attribution of a block", error);
    if (!status)
        status = LTP_NEW(&block->plan, rows, "attribution of a block", error);
    if (!status)
        status = LTP_NEW(&block->without, rows, "attribution of a block", error);
    if (!status)
        status = LTP_NEW(&block->plan_year, a->programmes, "attribution of a block", error);
    if (!status)
        status = LTP_NEW(&block->without_year, a->programmes, "attribution of a block", error);
    if (!status)
        status = LTP_NEW(&block->effect, LTP_EFFECT_COUNT * a->programmes * a->years, "attribution of a block", error);
    if (!status)
        status = LTP_NEW(&block->gap, a->organisations * LTP_BLOCK, "attribution of a block", error);
    if (!status)
        status = LTP_NEW(&block->work, (size_t)2 * LTP_BLOCK, "attribution of a block", error);
    if (status)
        ltp_attributor_block_destroy(block);
    else
        *out = block;
    return status;
}

void ltp_attributor_block_destroy(ltp_attributor_block *block) {
    if (!block)
        return;
    ltp_free(block->own);
    ltp_free(block->subset);
    ltp_free(block->plan);
    ltp_free(block->without);
    ltp_free(block->plan_year);
    ltp_free(block->without_year);
    ltp_free(block->effect);
    ltp_free(block->gap);
    ltp_free(block->work);
    ltp_free(block);
}

size_t ltp_attributor_bytes(const ltp_roster *roster, const ltp_attribution *attribution, size_t threads) {
    ltp_attributor a = {0};
    measure(&a, roster, attribution);
    const size_t shared =
        (2 * a.entities * a.tests + LTP_EFFECT_COUNT * a.programmes + a.programmes * a.organisations) * a.years *
        sizeof(mean_sum);
    const size_t private = ((roster->layer.count + (size_t)attribution->layer_count) * a.entities * a.years +
                            (2 * a.programmes * PARTS + a.organisations) * LTP_BLOCK) *
                           sizeof(double);
    return shared + threads * private;
}

/* --- a block ---------------------------------------------------------------------------------------------------- */

bool ltp_attributor_begin(ltp_attributor_block *block, uint32_t index) {
    const ltp_attributor *a = block->attributor;
    block->index = index;
    block->subsets = index % LTP_ATTRIBUTION_STEP == 0;
    memset(block->plan_year, 0, a->programmes * sizeof *block->plan_year);
    memset(block->without_year, 0, a->programmes * sizeof *block->without_year);
    return block->subsets;
}

/* Mean over the block's paths: the first alone at `expected`. */
static double mean_of(const ltp_attributor *a, const double *row) {
    ltp_block_sum sum = {0};
    if (a->expected)
        return row[0];
    ltp_block_moments_only(row, 0.0, &sum);
    return sum.sum[0] / LTP_BLOCK;
}

LTP_HOT static void gap_row(double *restrict gap, const double *restrict cost, const double *restrict income) {
#pragma omp simd
    for (int i = 0; i < LTP_BLOCK; i++)
        gap[i] = ltp_tenth_of_a_penny(cost[i] - income[i]);
}

LTP_HOT static void add_share(double *restrict to, const double *restrict row, double share) {
#pragma omp simd
    for (int i = 0; i < LTP_BLOCK; i++)
        to[i] += share * row[i];
}

/* Gaps of the layer's organisations, and the means of every entity's into mean[entity × years + year]. */
static void take_gaps(ltp_attributor_block *block, int year, const ltp_rows *rows, double *mean) {
    const ltp_attributor *a = block->attributor;
    const ltp_roster *roster = a->roster;
    const size_t t = (size_t)year - 1;
    for (size_t e = 0; e < a->entities; e++)
        mean[e * a->years + t] = 0.0;
    for (size_t o = 0; o < a->organisations; o++) {
        gap_row(block->gap + o * LTP_BLOCK, rows->row[LTP_QUANTITY_COST][o], rows->row[LTP_QUANTITY_INCOME][o]);
        mean[o * a->years + t] = mean_of(a, block->gap + o * LTP_BLOCK);
    }
    for (size_t m = 0; m < roster->membership_count; m++)
        mean[(a->first[LTP_LEVEL_SYSTEM] + roster->membership[m].system) * a->years + t] +=
            roster->membership[m].share * mean[roster->membership[m].organisation * a->years + t];
    for (size_t s = 0; s < roster->level[LTP_LEVEL_SYSTEM].count; s++) {
        const double own = mean[(a->first[LTP_LEVEL_SYSTEM] + s) * a->years + t];
        mean[(a->first[LTP_LEVEL_REGION] + roster->system_region[s]) * a->years + t] += own;
        mean[a->first[LTP_LEVEL_ENGLAND] * a->years + t] += own;
    }
}

void ltp_attributor_own(void *context, int layer, int year, const ltp_rows *rows) {
    ltp_attributor_block *block = context;
    const ltp_attributor *a = block->attributor;
    take_gaps(block, year, rows, block->own + (size_t)layer * a->entities * a->years);
}

/* --- programmes --- */

/* Gaps of a programme's sponsors, of its sponsors' systems, and of everybody else. */
static void take_parts(const ltp_attributor_block *block, size_t programme, double *part) {
    const ltp_attributor *a = block->attributor;
    memset(part, 0, PARTS * LTP_BLOCK * sizeof *part);
    for (size_t o = 0; o < a->organisations; o++) {
        const double *gap = block->gap + o * LTP_BLOCK, inside = a->plan->inside[programme * a->organisations + o];
        if (a->plan->sponsor[programme * a->organisations + o])
            add_share(part + SPONSOR * LTP_BLOCK, gap, 1.0);
        if (inside != 0.0)
            add_share(part + INSIDE * LTP_BLOCK, gap, inside);
        if (inside != 1.0)
            add_share(part + OUTSIDE * LTP_BLOCK, gap, 1.0 - inside);
    }
}

/* `to` may be a. */
LTP_HOT static void difference(double *to, const double *a, const double *b) {
#pragma omp simd
    for (int i = 0; i < LTP_BLOCK; i++)
        to[i] = a[i] - b[i];
}

LTP_HOT static void positive_difference(double *to, const double *a, const double *b) {
#pragma omp simd
    for (int i = 0; i < LTP_BLOCK; i++) {
        const double d = a[i] - b[i];
        to[i] = d > 0.0 ? d : 0.0;
    }
}

static void take_effect(ltp_attributor_block *block, size_t programme, size_t year) {
    const ltp_attributor *a = block->attributor;
    const double *with = block->plan + programme * PARTS * LTP_BLOCK;
    const double *without = block->without + programme * PARTS * LTP_BLOCK;
    double *sponsor = block->work, *system = block->work + LTP_BLOCK, mean[LTP_EFFECT_COUNT];
    difference(sponsor, without + SPONSOR * LTP_BLOCK, with + SPONSOR * LTP_BLOCK);
    difference(system, without + INSIDE * LTP_BLOCK, with + INSIDE * LTP_BLOCK);
    mean[LTP_EFFECT_SPONSOR_GAIN] = mean_of(a, sponsor);
    mean[LTP_EFFECT_SYSTEM_GAIN] = mean_of(a, system);
    positive_difference(sponsor, sponsor, system);
    mean[LTP_EFFECT_MOVED_INSIDE] = mean_of(a, sponsor);
    difference(sponsor, with + OUTSIDE * LTP_BLOCK, without + OUTSIDE * LTP_BLOCK);
    mean[LTP_EFFECT_SAVED] = mean[LTP_EFFECT_SYSTEM_GAIN] - mean_of(a, sponsor);
    memset(system, 0, LTP_BLOCK * sizeof *system);
    positive_difference(sponsor, sponsor, system);
    mean[LTP_EFFECT_MOVED_OUTSIDE] = mean_of(a, sponsor);
    for (int e = 0; e < LTP_EFFECT_COUNT; e++)
        block->effect[effect_series(a, e, programme, year)] = mean[e];
}

void ltp_attributor_subset(void *context, int layer, int year, const ltp_rows *rows) {
    ltp_attributor_block *block = context;
    const ltp_attributor *a = block->attributor;
    take_gaps(block, year, rows, block->subset + (size_t)layer * a->entities * a->years);
    for (size_t p = 0; p < a->programmes; p++) {
        const bool plan = layer == a->plan->plan_owner, without = layer == a->plan->without_owner[p];
        if (plan) {
            take_parts(block, p, block->plan + p * PARTS * LTP_BLOCK);
            block->plan_year[p] = year;
        }
        if (without) {
            take_parts(block, p, block->without + p * PARTS * LTP_BLOCK);
            block->without_year[p] = year;
        }
        if ((plan || without) && block->plan_year[p] == year && block->without_year[p] == year)
            take_effect(block, p, (size_t)year - 1);
    }
}

/* --- adding ----------------------------------------------------------------------------------------------------- */

static void add(mean_sum *to, double mean) {
    to->sum += ltp_fixed(mean, DIGITS);
    to->square += ltp_fixed(mean * mean, SQUARE_DIGITS);
}

static double subset_gap(const ltp_attributor_block *block, unsigned subset, size_t entity, size_t year) {
    const ltp_attributor *a = block->attributor;
    const size_t layer = (size_t)a->plan->subset_owner[subset];
    return block->subset[(layer * a->entities + entity) * a->years + year];
}

static double step_of(const ltp_attributor_block *block, size_t entity, size_t test, size_t year) {
    const ltp_attributor *a = block->attributor;
    double gap[2];
    for (size_t k = 0; k < 2; k++) {
        const size_t layer = (size_t)a->plan->layer_owner[a->plan->test_layer[test + k]];
        gap[k] = block->own[(layer * a->entities + entity) * a->years + year];
    }
    return gap[0] - gap[1];
}

/* Σ over subsets S without the test of |S|!(n−|S|−1)!/n! · (gap(S) − gap(S and the test)). */
static double shapley_of(const ltp_attributor_block *block, size_t entity, size_t test, size_t year) {
    const unsigned n = (unsigned)block->attributor->tests;
    double value = 0.0;
    for (unsigned subset = 0; subset < 1u << n; subset++) {
        if (subset >> test & 1)
            continue;
        const unsigned size = (unsigned)__builtin_popcount(subset);
        double weight = 1.0 / n; /* 1 ÷ (n · (n−1 choose size)) */
        for (unsigned k = 0; k < size; k++)
            weight *= (double)(k + 1) / (double)(n - 1 - k);
        value +=
            weight * (subset_gap(block, subset, entity, year) - subset_gap(block, subset | 1u << test, entity, year));
    }
    return value;
}

static void add_tests(ltp_attributor_block *block) {
    ltp_attributor *a = block->attributor;
    for (size_t e = 0; e < a->entities; e++)
        for (size_t k = 0; k < a->tests; k++)
            for (size_t t = 0; t < a->years; t++) {
                const double step = step_of(block, e, k, t);
                add(&a->step[series(a, e, k, t)], step);
                if (block->subsets)
                    add(&a->excess[series(a, e, k, t)], shapley_of(block, e, k, t) - step);
            }
}

static void add_programmes(ltp_attributor_block *block) {
    ltp_attributor *a = block->attributor;
    for (size_t p = 0; p < a->programmes; p++) {
        const double *with = block->subset + (size_t)a->plan->plan_owner * a->entities * a->years;
        const double *without = block->subset + (size_t)a->plan->without_owner[p] * a->entities * a->years;
        for (size_t t = 0; t < a->years; t++) {
            for (int e = 0; e < LTP_EFFECT_COUNT; e++)
                add(&a->effect[effect_series(a, e, p, t)], block->effect[effect_series(a, e, p, t)]);
            for (size_t o = 0; o < a->organisations; o++)
                add(&a->gain[gain_series(a, p, o, t)], without[o * a->years + t] - with[o * a->years + t]);
        }
    }
}

void ltp_attributor_end(ltp_attributor_block *block) {
    ltp_attributor *a = block->attributor;
    pthread_mutex_lock(&a->door);
    a->blocks++;
    add_tests(block);
    if (block->subsets) {
        a->subset_blocks++;
        add_programmes(block);
    }
    pthread_mutex_unlock(&a->door);
}

/* --- what comes out --------------------------------------------------------------------------------------------- */

static ltp_attributed mean_and_error(const ltp_attributor *a, const mean_sum *sum, uint64_t blocks, uint64_t fewest) {
    ltp_attributed out = {NAN, NAN};
    if (blocks == 0)
        return out;
    const double b = (double)blocks, mean = ltp_unfixed(sum->sum, DIGITS) / b;
    const double variance = (ltp_unfixed(sum->square, SQUARE_DIGITS) / b - mean * mean) * b / (b - 1);
    out.mean = mean;
    if (!a->expected && blocks >= fewest)
        out.error = sqrt(fmax(variance, 0) / b); /* below 0 by the last rounding only */
    return out;
}

ltp_attributed ltp_attributor_step(const ltp_attributor *a, ltp_level level, size_t entity, size_t test, size_t year) {
    return mean_and_error(a, &a->step[series(a, a->first[level] + entity, test, year)], a->blocks, LTP_ERROR_BLOCKS);
}

ltp_attributed ltp_attributor_shapley(const ltp_attributor *a, ltp_level level, size_t entity, size_t test,
                                      size_t year) {
    const size_t at = series(a, a->first[level] + entity, test, year);
    const ltp_attributed step = mean_and_error(a, &a->step[at], a->blocks, LTP_ERROR_BLOCKS);
    const ltp_attributed excess = mean_and_error(a, &a->excess[at], a->subset_blocks, LTP_ATTRIBUTION_BLOCKS);
    return (ltp_attributed){step.mean + excess.mean, sqrt(step.error * step.error + excess.error * excess.error)};
}

ltp_attributed ltp_attributor_effect(const ltp_attributor *a, ltp_effect effect, size_t programme, size_t year) {
    return mean_and_error(a, &a->effect[effect_series(a, effect, programme, year)], a->subset_blocks,
                          LTP_ATTRIBUTION_BLOCKS);
}

ltp_attributed ltp_attributor_gain(const ltp_attributor *a, size_t programme, size_t organisation, size_t year) {
    return mean_and_error(a, &a->gain[gain_series(a, programme, organisation, year)], a->subset_blocks,
                          LTP_ATTRIBUTION_BLOCKS);
}
