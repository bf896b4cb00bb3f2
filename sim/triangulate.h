/* Triangulation: what payers plan to pay against what payees plan to receive (contracts.csv), and what organisations
 * plan (plans.csv) added up. Made from a loaded plan, printed by triangulate_text.c and triangulate_table.c. */
#ifndef LTP_TRIANGULATE_H
#define LTP_TRIANGULATE_H

#include "results/read.h"
#include "results/report/report.h"
#include "sim/plan/plan.h"

enum { LTP_SIDE_PAYER = 0, LTP_SIDE_PAYEE, LTP_SIDE_COUNT };

/* Both sides' figures of one service, or of a pair of payer and payee: all its services in one year. Texts belong to
 * the plan. Differences are the payee's figure less the payer's, rounded to a billionth of £m. */
typedef struct {
    const char *payer, *payee, *service; /* codes; service "" for a pair, or where the contract names none */
    int year;                            /* 0: the base year */
    double amount[LTP_SIDE_COUNT];       /* £m */
    double activity[LTP_SIDE_COUNT];     /* service units; NaN: not given, and of pairs */
    double difference, price, volume, mix;
    double unsplit;      /* of the difference: activity is missing, or a unit price cannot be had */
    double apart;        /* of a pair: its services' differences added up without their signs */
    double tolerance;    /* £m */
    bool aligned;        /* |difference| ≤ tolerance */
    size_t first, count; /* of a pair: its services among the lines */
    int lambda;          /* of a fixed contract: the model's lambda row; −1 */
} ltp_triangle;

typedef enum { LTP_MISSING_PAYER = 0, LTP_MISSING_PAYEE, LTP_MISSING_BOTH, LTP_MISSING_CONTRACT } ltp_missing;

/* Money of which one side at least has not said what it plans. */
typedef struct {
    const char *payer, *payee, *service;
    int year;      /* −1: every year */
    double amount; /* £m: the figure that is there; of a flow without a contract, the base year's */
    ltp_missing missing;
} ltp_unexchanged;

typedef enum { LTP_RISK_PAYS = 0, LTP_RISK_RECEIVES, LTP_RISK_SYSTEM } ltp_risk_role;
enum { LTP_RISK_QUANTILE_COUNT = 3 };

/* What unresolved differences of fixed contracts move in one year, against the payer's figures: what they cost a payer,
 * what a payee gains, what they cost a whole system. */
typedef struct {
    const char *code;
    ltp_risk_role role;
    int year;
    double difference;                        /* £m at stake: λ = 1 */
    double quantile[LTP_RISK_QUANTILE_COUNT]; /* P10, P50, P90, £m */
    double error[LTP_RISK_QUANTILE_COUNT];
} ltp_risk;

/* A plan line in one year: of an organisation, or added up to a system. */
typedef struct {
    const char *code, *line, *unit;
    bool system;
    int year;
    double planned;             /* by membership share */
    double in_full;             /* of a system: its organisations' figures without regard to their share */
    int organisations, members; /* of a system: how many have the line, of how many */
    /* of the result's last layer, in the line's unit; NaN where it has none. Of a system only the mean: means add up.
     */
    double mean, mean_error, median, median_error;
    double probability, probability_error, interval[2]; /* the line is achieved */
} ltp_plan_figure;

typedef struct {
    const ltp_plan *plan;
    ltp_pool *pool;
    int year; /* the one looked at; −1: all */
    size_t line_count, pair_count, unexchanged_count, risk_count, figure_count;
    ltp_triangle *line; /* both figures given; by payer, payee, year, service */
    ltp_triangle *pair; /* by payer, payee, year */
    ltp_unexchanged *unexchanged;
    ltp_risk *risk;
    ltp_plan_figure *figure; /* systems first, then organisations; by code, line, year */
    uint64_t risk_path_count;
    bool simulated;    /* figures hold a result's numbers */
    const char *layer; /* of the result */
} ltp_triangulation;

/* What a set of pairs comes to. */
typedef struct {
    size_t pair_count, aligned_count;
    double amount[LTP_SIDE_COUNT];
    double net;                  /* payees' figures less payers' */
    double apart, service_apart; /* added up without signs: by pair, by service */
    double to_align;             /* £m that must move for every pair to come within its tolerance */
    size_t offsetting;           /* aligned pairs that hold a service which is not */
    size_t outside;              /* pairs with a party outside the accounts */
} ltp_alignment;

/* Compares, splits and lists; the pool of `out` is freed by ltp_triangulate_free, also after a failure. */
ltp_status ltp_triangulate(ltp_triangulation *out, const ltp_plan *plan, int year, ltp_error *error);
void ltp_triangulate_free(ltp_triangulation *triangulation);

/* Pairs (or services) by size of difference, largest first; ties by payer, payee, year, service. */
ltp_status ltp_triangulate_order(const ltp_triangulation *triangulation, const ltp_triangle *of, size_t count,
                                 const ltp_triangle ***order, ltp_error *error);
/* Of all pairs, or of one year (−1: all). */
ltp_alignment ltp_triangulate_alignment(const ltp_triangulation *triangulation, int year);
/* A certificate can be given: all pairs with both figures are aligned, and some are of two organisations with accounts
 * of their own here (a party outside has no plan to be held against). */
bool ltp_triangulate_certified(const ltp_triangulation *triangulation);

/* Draws what is not settled: the engine's own draws of contract.lambda. */
ltp_status ltp_triangulate_risk(ltp_triangulation *triangulation, ltp_error *error);
/* Adds up plans.csv; with a result (NULL: none), also what it simulates for each line. */
ltp_status ltp_triangulate_plans(ltp_triangulation *triangulation, ltp_result *result, ltp_error *error);

/* Names for people: of an organisation or party outside, of a service; the code where there is none. */
const char *ltp_triangulate_party(const ltp_plan *plan, const char *code);
const char *ltp_triangulate_service(const ltp_plan *plan, const char *code);
bool ltp_triangulate_modelled(const ltp_plan *plan, const char *code, size_t *organisation);

typedef enum {
    LTP_PART_DIFFERENCE = 0,
    LTP_PART_YEAR,
    LTP_PART_EXCHANGE,
    LTP_PART_RISK,
    LTP_PART_PLAN,
    LTP_PART_CERTIFICATE,
    LTP_PART_COUNT
} ltp_triangulate_part;

typedef struct {
    bool by_service; /* services alone, else pairs with their services */
    bool all;        /* what is aligned too, and lists in full */
} ltp_triangulate_view;

/* One part for programs. */
ltp_status ltp_triangulate_table(const ltp_triangulation *triangulation, ltp_triangulate_part part,
                                 const ltp_triangulate_view *view, ltp_report_format format, FILE *to,
                                 ltp_error *error);
/* One part for people. */
ltp_status ltp_triangulate_text(const ltp_triangulation *triangulation, ltp_triangulate_part part,
                                const ltp_triangulate_view *view, FILE *to, ltp_error *error);

#endif
