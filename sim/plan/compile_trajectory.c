/* Recovery trajectories, given or from a glide path; support, loans and their interest. */
#include <stdio.h>
#include <string.h>

#include "sim/plan/compile.h"

typedef struct {
    bool *given;    /* [organisation × year] a row of trajectories.csv */
    bool *has;      /* [organisation] */
    double *target; /* [organisation × year] */
    double *offer;  /* likewise */
    bool *counts;   /* [organisation] in a system's total */
    size_t *row;    /* [organisation] its first row, SIZE_MAX */
} trajectory_build;

static void read_rows(ltp_compile_context *c, trajectory_build *build) {
    const ltp_table *table = COMPILE_TABLE(c, TRAJECTORIES);
    const int years = c->year_count, n = ltp_compile_organisation_count(c);
    for (size_t r = 0; r < table->row_count; r++) {
        const ltp_cell *code = ltp_cell_at(table, r, LTP_TRAJECTORIES_CODE);
        const int year = (int)ltp_compile_number(table, r, LTP_TRAJECTORIES_YEAR);
        const int o = code->present ? ltp_compile_party_find(c, code->text) : -1;
        if (!ltp_compile_row_sound(c, table, r) || o < 0 || o >= n || year < 1 || year > years)
            continue;
        if (!build->has[o] && !build->counts[o])
            ltp_compile_problem(c, LTP_SEVERITY_WARNING, code->at, "trajectories: code", NULL, NULL,
                                "'%s' counts in no system's total: its support hangs on its own trajectory alone",
                                code->text);
        build->row[o] = build->has[o] ? build->row[o] : r;
        build->has[o] = build->given[o * years + year - 1] = true;
        /* on the grid of surpluses, so that one that meets it exactly meets it */
        build->target[o * years + year - 1] =
            ltp_tenth_of_a_penny(ltp_compile_number(table, r, LTP_TRAJECTORIES_SURPLUS_BEFORE_SUPPORT));
        build->offer[o * years + year - 1] = ltp_compile_number(table, r, LTP_TRAJECTORIES_SUPPORT_OFFERED);
    }
}

/* Share of the way from the opening deficit to balance that is gone after `year` of `count` years. */
static double way(ltp_glide_path shape, int year, int count) {
    const double t = year, n = count;
    if (year >= count)
        return 1.0;
    if (shape == LTP_GLIDE_PATH_LINEAR)
        return t / n;
    /* sum of the years' digits: n, n − 1, … 1 of n(n + 1)/2; or 1, 2, … n */
    return shape == LTP_GLIDE_PATH_FRONT_LOADED ? t * (2.0 * n - t + 1.0) / (n * (n + 1.0))
                                                : t * (t + 1.0) / (n * (n + 1.0));
}

/* Fills years without a row: a deficit goes to balance, a surplus is held. */
static void glide(ltp_compile_context *c, trajectory_build *build) {
    const ltp_scenario *scenario = c->scenario;
    const ltp_table *table = COMPILE_TABLE(c, ORGANISATIONS);
    char list[LTP_ERROR_TEXT - 300] = "";
    size_t used = 0;
    int count = 0, unnamed = 0;
    for (int k = 0; k < c->party.count; k++) {
        const int o = c->party_by_code[k], years = c->year_count;
        const ltp_compile_party *party = ltp_compile_party_at(c, o);
        if (!party->modelled || !build->counts[o] || party->sector == LTP_SECTOR_PARTNER)
            continue;
        const ltp_cell *opening = ltp_cell_at(table, (size_t)o, LTP_ORGANISATIONS_OPENING_SURPLUS);
        bool filled = false;
        for (int t = 1; t <= years; t++) {
            if (build->given[o * years + t - 1])
                continue;
            const double left =
                opening->number < 0.0 ? 1.0 - way(scenario->glide_path, t, scenario->glide_path_year) : 1.0;
            build->target[o * years + t - 1] = opening->present ? ltp_tenth_of_a_penny(opening->number * left) : 0.0;
            filled = build->given[o * years + t - 1] = build->has[o] = true;
        }
        if (filled && !opening->present)
            ltp_compile_problem(c, LTP_SEVERITY_ERROR, party->at, "organisations: opening_surplus",
                                "the underlying surplus or deficit that the glide path starts from", NULL,
                                "'%s' has no trajectory and no opening surplus", party->code);
        count += filled;
        if (filled && used + strlen(party->code) + 3 < sizeof list)
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", used ? ", " : "", party->code);
        else
            unnamed += filled;
    }
    if (count)
        ltp_compile_problem(c, LTP_SEVERITY_WARNING, scenario->glide_path_at, "glide_path", NULL, NULL,
                            "%d %s without a trajectory in every year: given one, to balance by %s: %s%s", count,
                            count == 1 ? "organisation" : "organisations",
                            scenario->year_label[scenario->glide_path_year], list, unnamed ? " and others" : "");
}

static void check_every_year(ltp_compile_context *c, const trajectory_build *build) {
    const int n = ltp_compile_organisation_count(c), years = c->year_count;
    for (int o = 0; o < n; o++)
        for (int t = 1; build->has[o] && t <= years; t++)
            if (!build->given[o * years + t - 1]) {
                ltp_compile_problem(c, LTP_SEVERITY_ERROR, COMPILE_TABLE(c, TRAJECTORIES)->row[build->row[o]].at,
                                    "trajectories: year",
                                    "a row for every year, or a glide_path in scenario.yaml to fill the others", NULL,
                                    "'%s' has a trajectory, but none in %s", ltp_compile_party_at(c, o)->code,
                                    c->scenario->year_label[t]);
                break;
            }
}

/* The system whose trajectory an organisation's support hangs on: its home; where it is no part of that, the first that
 * it has the largest share in; −1: it counts in none. */
static int home_of(const ltp_compile_context *c, int organisation) {
    const ltp_roster *roster = &c->plan->roster;
    int home = -1;
    double largest = 0.0;
    for (size_t m = 0; m < roster->membership_count; m++) {
        const ltp_membership *member = &roster->membership[m];
        if ((int)member->organisation != organisation)
            continue;
        if ((int)member->system == ltp_compile_party_at(c, organisation)->system)
            return (int)member->system;
        if (member->share > largest)
            largest = member->share, home = (int)member->system;
    }
    return home;
}

static void group_systems(ltp_compile_context *c, const bool *has, ltp_trajectories *all) {
    const ltp_roster *roster = &c->plan->roster;
    const int n = ltp_compile_organisation_count(c), systems = (int)roster->level[LTP_LEVEL_SYSTEM].count;
    int *group = COMPILE_NEW(c, n, int), *of_system = COMPILE_NEW(c, systems, int);
    int *first = COMPILE_NEW(c, systems + 1, int), count = 0;
    ltp_trajectory_member *member = COMPILE_NEW(c, roster->membership_count, ltp_trajectory_member);
    for (int o = 0; o < n; o++) {
        group[o] = has[o] ? home_of(c, o) : -1;
        if (group[o] >= 0)
            of_system[group[o]] = 1;
    }
    for (int s = 0; s < systems; s++) {
        if (!of_system[s])
            continue;
        of_system[s] = all->group_count++;
        for (size_t m = 0; m < roster->membership_count; m++)
            if ((int)roster->membership[m].system == s && has[roster->membership[m].organisation])
                member[count++] = (ltp_trajectory_member){.organisation = (int)roster->membership[m].organisation,
                                                          .share = roster->membership[m].share};
        first[all->group_count] = count;
    }
    for (int o = 0; o < n; o++)
        group[o] = group[o] >= 0 ? of_system[group[o]] : -1;
    all->group = group;
    all->group_first = first;
    all->member = member;
}

/* Opening loans of providers, and what moves their rate. */
static void read_loans(ltp_compile_context *c, ltp_trajectories *all) {
    static const char *const target = "loan.rate";
    const ltp_table *table = COMPILE_TABLE(c, ORGANISATIONS);
    const int n = ltp_compile_organisation_count(c);
    double *loan = COMPILE_NEW(c, n, double);
    int *rate = COMPILE_NEW(c, n, int), *variable = COMPILE_NEW(c, n, int);
    for (int o = 0; o < n; o++) {
        const ltp_compile_party *party = ltp_compile_party_at(c, o);
        const ltp_cell *cell = ltp_cell_at(table, (size_t)o, LTP_ORGANISATIONS_LOANS);
        rate[o] = -1;
        if (party->sector != LTP_SECTOR_PROVIDER) {
            if (cell->present && cell->number > 0.0)
                ltp_compile_problem(c, LTP_SEVERITY_WARNING, cell->at, "organisations: loans", NULL, NULL,
                                    "'%s' is no provider: its loans are not carried on", party->code);
            continue;
        }
        loan[o] = cell->present ? cell->number : 0.0;
        all->asked |= loan[o] > 0.0;
        const int acts = ltp_compile_variable(c, &target, 1, party->place, o);
        if (acts < 0)
            continue;
        all->asked = true;
        rate[o] = 0;
        while (rate[o] < all->rate_count && variable[rate[o]] != acts)
            rate[o]++;
        variable[rate[o]] = acts;
        all->rate_count += rate[o] == all->rate_count;
    }
    all->loan = loan;
    all->rate = rate;
    all->rate_variable = variable;
}

static void note_present(ltp_compile_context *c, const ltp_trajectories *all, const bool *counts) {
    const int n = ltp_compile_organisation_count(c);
    for (int o = 0; all->asked && o < n; o++) {
        const ltp_sector sector = ltp_compile_party_at(c, o)->sector;
        const double size = ltp_compile_base_income(c, o);
        if (all->has[o]) {
            ltp_compile_present(c, LTP_QUANTITY_TRAJECTORY_MARGIN, o, 0, size);
            ltp_compile_present(c, LTP_QUANTITY_TRAJECTORY_MISS, o, 0, size);
            ltp_compile_present(c, LTP_QUANTITY_SUPPORT, o, 0, size);
        }
        if (counts[o] || all->has[o] || sector != LTP_SECTOR_PARTNER)
            ltp_compile_present(c, LTP_QUANTITY_SURPLUS_AFTER_SUPPORT, o, 0, size);
        if (sector == LTP_SECTOR_PROVIDER)
            ltp_compile_present(c, LTP_QUANTITY_LOAN, o, 0, size);
        if (sector == LTP_SECTOR_COMMISSIONER)
            ltp_compile_present(c, LTP_QUANTITY_CUMULATIVE, o, 0, size);
        if (all->rate[o] >= 0)
            ltp_compile_present(c, LTP_QUANTITY_INTEREST, o, 0, 0.01 * size);
    }
}

void ltp_compile_trajectories(ltp_compile_context *c) {
    const ltp_roster *roster = &c->plan->roster;
    const int n = ltp_compile_organisation_count(c), cells = n * c->year_count;
    const bool muted = c->muted;
    trajectory_build build = {.given = COMPILE_NEW(c, cells, bool),
                              .has = COMPILE_NEW(c, n, bool),
                              .target = COMPILE_NEW(c, cells, double),
                              .offer = COMPILE_NEW(c, cells, double),
                              .counts = COMPILE_NEW(c, n, bool),
                              .row = COMPILE_NEW(c, n, size_t)};
    ltp_trajectories all = {.has = build.has, .target = build.target, .offer = build.offer};
    for (size_t m = 0; m < roster->membership_count; m++)
        build.counts[roster->membership[m].organisation] = true;
    ltp_compile_judge(c, COMPILE_BIT(SYSTEMS) | COMPILE_BIT(ORGANISATIONS) | COMPILE_BIT(MEMBERSHIP) |
                             COMPILE_BIT(TRAJECTORIES));
    read_rows(c, &build);
    if (c->scenario->glide_path != LTP_GLIDE_PATH_NONE)
        glide(c, &build);
    check_every_year(c, &build);
    read_loans(c, &all);
    for (int o = 0; o < n; o++)
        all.count += build.has[o];
    all.asked |= all.count > 0;
    all.system_share = c->scenario->support_system_share;
    group_systems(c, build.has, &all);
    note_present(c, &all, build.counts);
    c->trajectories = all;
    c->muted = muted;
}
