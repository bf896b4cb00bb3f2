#include "tests/support/synthetic.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "results/measure.h"
#include "results/store.h"
#include "sim/core/memory.h"

enum { ORGANISATIONS = 8, SYSTEMS = 4, REGIONS = 2, SERVICES = 3, STREAMS = 2, LINES = 4, LAYERS = 3, YEARS = 2 };
enum { GROUPS = 2, NEEDS = 2, SCHEMES = 2, PROGRAMMES = 1, FLOORS = 2, PLAN_LINES = 2 };

static const char *const organisation_code[] = {"C1", "T1", "C2", "T2", "T3", "C4", "T4", "LA"};
static const char *const organisation_name[] = {"CCG One",      "Trust Étranger", "CCG \"Two\", North", "Trust Two",
                                                "Shared Trust", "CCG Four",       "Ysbyty Ŵyn",         "Council"};
static const char *const system_code[] = {"S1", "S2", "S3", "S4"};
static const char *const system_name[] = {"First", "Second — coast", "Third", "Fourth"};
static const char *const region_code[] = {"R1", "R2"}, *const region_name[] = {"North", "South"};
static const char *const england_code[] = {"ENG"}, *const england_name[] = {"England"};
static const char *const service_code[] = {"ae", "elective", "community"};
static const char *const service_name[] = {"A&E", "Elective and day case", "Community"};
static const char *const service_unit[] = {"attendance", "spell", "contact"};
static const char *const stream_code[] = {"core", "specialised"};
static const char *const line_code[] = {"underlying", "demographic", "pay", "allocation"};
static const char *const group_code[] = {"nursing", "medical"}, *const group_name[] = {"Nurses", "Doctors"};
static const char *const need_code[] = {"high", "capacity"}, *const need_name[] = {"High-risk backlog", "Capacity"};
static const char *const scheme_code[] = {"W", "E"}, *const scheme_name[] = {"Ward, new", "Energy"};
static const char *const programme_code[] = {"P1"}, *const programme_name[] = {"First programme"};
static const char *const floor_code[] = {"mhis.C1", "cap.C2"};
static const char *const floor_name[] = {"Mental health, CCG One", "Running costs, CCG \"Two\", North"};
static const char *const plan_line_code[] = {"T1.surplus", "T1.staff"};
static const char *const plan_line_name[] = {"Trust Étranger: surplus", "Trust Étranger: staff"};
static const char *const plan_line_unit[] = {"£m", "fte"};
static const char *const layer_code[] = {"do_nothing", "test_2", "plan"};
static const char *const year_code[] = {"2019/20", "2020/21"};
static const ltp_sector sector[] = {LTP_SECTOR_COMMISSIONER, LTP_SECTOR_PROVIDER, LTP_SECTOR_COMMISSIONER,
                                    LTP_SECTOR_PROVIDER,     LTP_SECTOR_PROVIDER, LTP_SECTOR_COMMISSIONER,
                                    LTP_SECTOR_PROVIDER,     LTP_SECTOR_PARTNER};
static const bool nhs_england[] = {false, false, false, false, false, true, false, false};
/* S4 is alone in R2; S3 has nobody but a share of T3; the council counts nowhere. */
static const ltp_membership membership[] = {{0, 0, 1}, {1, 0, 1},    {4, 0, 0.25}, {2, 1, 1},
                                            {3, 1, 1}, {4, 2, 0.75}, {5, 3, 1},    {6, 3, 1}};
static const size_t system_region[] = {0, 0, 0, 1};
static const double population[SYSTEMS * (YEARS + 1)] = {1e6, 1.01e6, 1.02e6, 5e5, 5e5, 5e5,
                                                         2e5, NAN,    2e5,    9e5, 9e5, 9e5};
/* Items of the quantities that the plan has; 0: nobody has it. */
static const size_t item_count[LTP_QUANTITY_COUNT] = {
    [LTP_QUANTITY_INCOME] = 1,
    [LTP_QUANTITY_COST] = 1,
    [LTP_QUANTITY_SAVING] = 1,
    [LTP_QUANTITY_ACTIVITY] = SERVICES,
    [LTP_QUANTITY_USE] = SERVICES,
    [LTP_QUANTITY_USE_STREAM] = STREAMS,
    [LTP_QUANTITY_BRIDGE] = LINES,
    [LTP_QUANTITY_TRAJECTORY_MARGIN] = 1,
    [LTP_QUANTITY_TRAJECTORY_MISS] = 1,
    [LTP_QUANTITY_CASH_RELEASED] = 1,
    [LTP_QUANTITY_COST_LAST_YEAR] = 1,
    [LTP_QUANTITY_DEMAND_AVOIDED] = SERVICES,
    [LTP_QUANTITY_STAFF_REQUIRED] = GROUPS,
    [LTP_QUANTITY_CAPITAL_NEED] = NEEDS,
    [LTP_QUANTITY_SCHEME_SPEND] = 1,
    [LTP_QUANTITY_SCHEME_COMPLETE] = 1,
    [LTP_QUANTITY_DELIVERED] = 1,
    [LTP_QUANTITY_FLOOR_ADDED] = 1,
    [LTP_QUANTITY_PLAN_MARGIN] = 1,
};
static const size_t entity_count[LTP_LEVEL_COUNT] = {ORGANISATIONS, SYSTEMS,    REGIONS, 1,
                                                     SCHEMES,       PROGRAMMES, FLOORS,  PLAN_LINES};

struct synthetic {
    uint64_t seed;
    ltp_roster roster;
    bool *present[LTP_QUANTITY_COUNT];
    double *scale[LTP_QUANTITY_COUNT];
    double *value[LTP_QUANTITY_COUNT];      /* [entity × item × LTP_BLOCK] */
    const double **row[LTP_QUANTITY_COUNT]; /* as handed over */
};

static size_t row_count(int quantity) {
    return entity_count[ltp_quantity_level((ltp_quantity)quantity)] * item_count[quantity];
}

static bool is_present(ltp_quantity quantity, size_t organisation) {
    if (ltp_quantity_level(quantity) != LTP_LEVEL_ORGANISATION)
        return true;
    if (quantity > LTP_QUANTITY_BRIDGE && quantity != LTP_QUANTITY_DEMAND_AVOIDED)
        return sector[organisation] == LTP_SECTOR_PROVIDER;
    if (sector[organisation] == LTP_SECTOR_PARTNER)
        return quantity == LTP_QUANTITY_INCOME; /* no cost: no gap */
    if (quantity == LTP_QUANTITY_USE_STREAM)
        return sector[organisation] == LTP_SECTOR_COMMISSIONER;
    return true;
}

static uint64_t mix(uint64_t z) {
    z += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

void synthetic_normal(uint64_t seed, uint64_t stream, uint32_t block, int stratified, double *out) {
    const uint64_t key = mix(mix(mix(seed) ^ stream) ^ block);
    uint16_t stratum[LTP_BLOCK];
    for (int i = 0; i < LTP_BLOCK; i++)
        stratum[i] = (uint16_t)i;
    for (int i = LTP_BLOCK - 1; stratified && i > 0; i--) {
        const int j = (int)(mix(key + 4096 + (uint64_t)i) % (uint64_t)(i + 1));
        const uint16_t swap = stratum[i];
        stratum[i] = stratum[j];
        stratum[j] = swap;
    }
    for (int i = 0; i < LTP_BLOCK; i++) {
        const double u = ((double)(mix(key + (uint64_t)i) >> 12) + 0.5) * 0x1p-52;
        out[i] = gsl_cdf_ugaussian_Pinv(stratified ? (stratum[i] + u) / LTP_BLOCK : u);
    }
}

/* --- the roster ------------------------------------------------------------------------------------------------- */

static ltp_status allocate(synthetic *plan, ltp_error *error) {
    ltp_status status = LTP_OK;
    for (int q = 0; q < LTP_QUANTITY_COUNT && !status; q++) {
        const size_t rows = row_count(q);
        if (rows == 0)
            continue;
        status = LTP_NEW(&plan->present[q], rows, "synthetic plan", error);
        if (!status)
            status = LTP_NEW(&plan->scale[q], rows, "synthetic plan", error);
        if (!status)
            status = LTP_NEW(&plan->value[q], rows * LTP_BLOCK, "synthetic plan", error);
        if (!status)
            status = LTP_NEW(&plan->row[q], rows, "synthetic plan", error);
        for (size_t r = 0; r < rows && !status; r++) {
            plan->present[q][r] = is_present((ltp_quantity)q, r / item_count[q]);
            plan->scale[q][r] = 100;
        }
        plan->roster.item_count[q] = item_count[q];
        plan->roster.present[q] = plan->present[q];
        plan->roster.scale[q] = plan->scale[q];
    }
    return status;
}

ltp_status synthetic_create(synthetic **out, uint64_t seed, ltp_error *error) {
    synthetic *plan;
    *out = NULL;
    ltp_status status = LTP_NEW(&plan, 1, "synthetic plan", error);
    if (status)
        return status;
    plan->seed = seed;
    plan->roster = (ltp_roster){
        .level = {{ORGANISATIONS, organisation_code, organisation_name},
                  {SYSTEMS, system_code, system_name},
                  {REGIONS, region_code, region_name},
                  {1, england_code, england_name},
                  {SCHEMES, scheme_code, scheme_name},
                  {PROGRAMMES, programme_code, programme_name},
                  {FLOORS, floor_code, floor_name},
                  {PLAN_LINES, plan_line_code, plan_line_name}},
        .service = {SERVICES, service_code, service_name},
        .stream = {STREAMS, stream_code, stream_code},
        .line = {LINES, line_code, line_code},
        .layer = {LAYERS, layer_code, layer_code},
        .year = {YEARS, year_code, year_code},
        .group = {GROUPS, group_code, group_name},
        .need = {NEEDS, need_code, need_name},
        .productivity_target = 0.011,
        .plan_line_unit = plan_line_unit,
        .service_unit = service_unit,
        .sector = sector,
        .nhs_england = nhs_england,
        .membership_count = sizeof membership / sizeof *membership,
        .membership = membership,
        .system_region = system_region,
        .system_population = population,
    };
    status = allocate(plan, error);
    if (status)
        synthetic_destroy(plan);
    else
        *out = plan;
    return status;
}

void synthetic_destroy(synthetic *plan) {
    if (!plan)
        return;
    for (int q = 0; q < LTP_QUANTITY_COUNT; q++) {
        ltp_free(plan->present[q]);
        ltp_free(plan->scale[q]);
        ltp_free(plan->value[q]);
        ltp_free(plan->row[q]);
    }
    ltp_free(plan);
}

const ltp_roster *synthetic_roster(const synthetic *plan) {
    return &plan->roster;
}

double *synthetic_row(synthetic *plan, ltp_quantity quantity, size_t entity, size_t item) {
    return plan->value[quantity] + (entity * item_count[quantity] + item) * LTP_BLOCK;
}

/* --- its paths -------------------------------------------------------------------------------------------------- */

/* Trajectory: a deficit of 5; cash of 1% of last year's cost on average. */
static void fill_test(synthetic *plan, int layer, int year, size_t o, const double *z) {
    const double *income = synthetic_row(plan, LTP_QUANTITY_INCOME, o, 0);
    const double *cost = synthetic_row(plan, LTP_QUANTITY_COST, o, 0);
    for (int i = 0; i < LTP_BLOCK; i++) {
        const double margin = income[i] - cost[i] + 5;
        synthetic_row(plan, LTP_QUANTITY_TRAJECTORY_MARGIN, o, 0)[i] = margin;
        synthetic_row(plan, LTP_QUANTITY_TRAJECTORY_MISS, o, 0)[i] = margin < 0 ? -margin : 0;
        synthetic_row(plan, LTP_QUANTITY_CASH_RELEASED, o, 0)[i] = layer * (1 + 0.2 * z[i]);
        synthetic_row(plan, LTP_QUANTITY_COST_LAST_YEAR, o, 0)[i] = 100 + year;
        for (size_t s = 0; s < SERVICES; s++)
            synthetic_row(plan, LTP_QUANTITY_DEMAND_AVOIDED, o, s)[i] = 10 * layer;
        for (size_t g = 0; g < GROUPS; g++)
            synthetic_row(plan, LTP_QUANTITY_STAFF_REQUIRED, o, g)[i] = 1000 + 10 * z[i];
        for (size_t n = 0; n < NEEDS; n++)
            synthetic_row(plan, LTP_QUANTITY_CAPITAL_NEED, o, n)[i] = 20 + z[i];
    }
}

/* Income 100 + year; cost 100 + 5(1 + year) − 2·layer + 4·z, skewed for C2; saving 2·layer, an atom at 0 for T2. */
static void fill_organisation(synthetic *plan, uint32_t block, int layer, int year, size_t o) {
    double z[LTP_BLOCK];
    synthetic_normal(plan->seed, o * 64 + (uint64_t)year, block, 1, z);
    double *income = synthetic_row(plan, LTP_QUANTITY_INCOME, o, 0),
           *cost = synthetic_row(plan, LTP_QUANTITY_COST, o, 0);
    double *saving = synthetic_row(plan, LTP_QUANTITY_SAVING, o, 0);
    for (int i = 0; i < LTP_BLOCK; i++) {
        const double tilt = o == 2 ? exp(0.8 * z[i]) : z[i];
        saving[i] = o == 3 && z[i] < 0.3 ? 0 : 2 * layer;
        income[i] = 100 + year;
        cost[i] = 100 + 5 * (1 + year) + 4 * tilt - saving[i];
        for (size_t s = 0; s < SERVICES; s++) {
            synthetic_row(plan, LTP_QUANTITY_ACTIVITY, o, s)[i] = 1000 * (1 + (double)s) + 10 * z[i];
            synthetic_row(plan, LTP_QUANTITY_USE, o, s)[i] = cost[i] / SERVICES;
        }
        for (size_t s = 0; s < STREAMS; s++)
            synthetic_row(plan, LTP_QUANTITY_USE_STREAM, o, s)[i] = cost[i] / STREAMS;
        for (size_t l = 0; l < LINES; l++)
            synthetic_row(plan, LTP_QUANTITY_BRIDGE, o, l)[i] = (cost[i] - income[i]) / LINES;
    }
    fill_test(plan, layer, year, o, z);
}

/* A scheme opens in year 2 of paths with z < 0; the floor binds there, the cap in every path; lines are met there. */
static void fill_rolls(synthetic *plan, uint32_t block, int layer, int year) {
    double z[LTP_BLOCK];
    synthetic_normal(plan->seed, 7777, block, 1, z);
    for (int i = 0; i < LTP_BLOCK; i++) {
        for (size_t s = 0; s < SCHEMES; s++) {
            synthetic_row(plan, LTP_QUANTITY_SCHEME_SPEND, s, 0)[i] = 10 + z[i];
            synthetic_row(plan, LTP_QUANTITY_SCHEME_COMPLETE, s, 0)[i] = year == 2 && z[i] < 0 ? 1 : 0;
        }
        synthetic_row(plan, LTP_QUANTITY_DELIVERED, 0, 0)[i] = 0.5 * year;
        synthetic_row(plan, LTP_QUANTITY_FLOOR_ADDED, 0, 0)[i] = z[i] < 0 ? 2 : 0;
        synthetic_row(plan, LTP_QUANTITY_FLOOR_ADDED, 1, 0)[i] = -1;
        for (size_t l = 0; l < PLAN_LINES; l++)
            synthetic_row(plan, LTP_QUANTITY_PLAN_MARGIN, l, 0)[i] = z[i] + layer;
    }
}

void synthetic_block(synthetic *plan, uint32_t block, ltp_rows_sink sink, void *context) {
    ltp_rows rows;
    for (int q = 0; q < LTP_QUANTITY_COUNT; q++) {
        for (size_t r = 0; r < row_count(q); r++)
            plan->row[q][r] = plan->present[q][r] ? plan->value[q] + r * LTP_BLOCK : NULL;
        rows.row[q] = plan->row[q];
    }
    for (int year = 1; year <= YEARS; year++)
        for (int layer = 0; layer < LAYERS; layer++) {
            for (size_t o = 0; o < ORGANISATIONS; o++)
                fill_organisation(plan, block, layer, year, o);
            fill_rolls(plan, block, layer, year);
            sink(context, layer, year, &rows);
        }
}

/* --- a result file ---------------------------------------------------------------------------------------------- */

static ltp_status run_blocks(synthetic *plan, ltp_collector *collector, ltp_store *store, uint32_t blocks,
                             ltp_error *error) {
    ltp_collector_block *block;
    ltp_status status = ltp_collector_block_create(&block, collector, error);
    for (uint32_t b = 0; b <= blocks && !status; b++) {
        const uint32_t index = b == 0 ? LTP_BLOCK_PILOT : b - 1;
        ltp_collector_block_begin(block, index);
        synthetic_block(plan, index, ltp_collector_sink, block);
        status = ltp_collector_block_end(block, error);
        for (size_t k = 0; k < 2 && b > 0 && !status; k++) {
            size_t length;
            const float *sample = ltp_collector_block_sample(block, k, &length);
            status = ltp_store_samples(store, index, k, sample, length, error);
        }
    }
    ltp_collector_block_destroy(block);
    return status;
}

ltp_status synthetic_result(const char *path, uint64_t seed, uint32_t blocks, const char *tag, ltp_error *error) {
    static const char *const keep[] = {"system.gap", "organisation.cost"};
    static const char *const note[] = {"capital: not modelled in this version", "workforce: not modelled — yet"};
    static const char yaml[] = "base_year: 2018/19\n", csv[] = "code,name\nC1,\"Étranger\"\n";
    static const ltp_store_file file[] = {{"scenario.yaml", yaml, sizeof yaml - 1},
                                          {"../base/organisations.csv", csv, sizeof csv - 1}};
    static const double knots[6] = {1, 2, 3, 4, 5, 6};
    static const ltp_store_array compiled[] = {{"demand.nonelective", "1", "compiled table", 3, 2, knots},
                                               {"copula", "1", "Cholesky factor", 2, 2, knots}};
    static const double opening[ORGANISATIONS] = {0, -1, 0, -2, NAN, 0, 3, NAN};
    const ltp_store_array baseline = {"opening", "£m", "underlying surplus", ORGANISATIONS, 1, opening};
    const ltp_store_provenance provenance[] = {{"program", "ltpsim test"}, {"command", tag}};
    synthetic *plan = NULL;
    ltp_collector *collector = NULL;
    ltp_store *store = NULL;
    ltp_status status = synthetic_create(&plan, seed, error);
    if (status)
        return status;
    const ltp_collector_option option = {.roster = &plan->roster, .keep_count = 2, .keep = keep};
    const ltp_store_option where = {.path = path,
                                    .title = "Synthetic — a test",
                                    .base_year = "2018/19",
                                    .seed = seed,
                                    .paths = (uint64_t)blocks * LTP_BLOCK,
                                    .sampling = "lhs",
                                    .roster = &plan->roster,
                                    .file_count = 2,
                                    .file = file,
                                    .compiled_count = 2,
                                    .compiled = compiled,
                                    .note_count = 2,
                                    .note = note};
    status = ltp_collector_create(&collector, &option, error);
    if (!status)
        status = ltp_store_create(&store, &where, collector, error);
    if (!status)
        status = run_blocks(plan, collector, store, blocks, error);
    if (!status)
        status = ltp_store_baseline(store, &baseline, 1, error);
    if (!status)
        status = ltp_store_finish(store, provenance, 2, error);
    else
        ltp_store_abandon(store);
    ltp_collector_destroy(collector);
    synthetic_destroy(plan);
    return status;
}
