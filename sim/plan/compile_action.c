/* Actions: a programme at one member, with its draws and tranches, and what it waits for. */
#include <math.h>
#include <string.h>

#include "sim/plan/compile_programme.h"

/* Delivery, slippage, recurrent share: drawn once, in the tranche's planned first year, and held. */
static int drawn_once(int column, const ltp_programme_reading *p, int place, int party, int year) {
    double factor =
        column == LTP_PROGRAMMES_DELIVERY ? ltp_compile_number(p->table, p->row, LTP_PROGRAMMES_DELIVERY_FACTOR) : 1.0;
    return ltp_compile_held(p->c, ltp_programme_cell(p, column), factor, place, party, year);
}

static int held_price(ltp_compile_context *c, int price, int year) {
    bool found;
    int at = ltp_compile_intern(c, &c->held_price_map, (ltp_compile_key){{price, year}}, &found);
    if (!found) {
        int pair[2] = {price, year};
        ltp_compile_push(c, &c->held_price, sizeof pair, pair);
    }
    return at;
}

double ltp_programme_start(const ltp_programme_reading *p) {
    return ltp_programme_cell(p, LTP_PROGRAMMES_START)->number - 12.0;
}

int ltp_programme_start_year(double months) {
    return months < 0.0 ? 1 : (int)(months / 12.0) + 1;
}

/* Planned start of the first tranche, with those that it waits for. */
static double planned_start(const ltp_compile_context *c, const ltp_action *action) {
    double start = fmax(action->tranche[0].start, 12.0 * action->planned_open);
    for (int k = 0; k < action->after_count; k++)
        start = fmax(start, planned_start(c, COMPILE_AT(c->action, ltp_action, action->after[k])));
    return start;
}

static double planned_level(const ltp_compile_context *c, const ltp_action *action, int year) {
    double left = 1.0, sum = 0.0;
    const double earliest = planned_start(c, action);
    for (int n = 0; n < action->tranche_count; n++) {
        const double start = fmax(action->tranche[n].start, earliest);
        double one = action->effect * ltp_in_place(start / 12.0, action->ramp_years, action->s_curve, year);
        left *= 1.0 - one;
        sum += one;
    }
    return action->money ? sum : 1.0 - left;
}

/* Actions of the programme that this one needs: the one with the same draws, else those of everybody; *earliest is its
 * planned start (months) where it has none. */
static int wait_for(ltp_compile_context *c, const ltp_compile_programme *programme, int party, int *after,
                    double *earliest) {
    *earliest = -1e300;
    if (programme->needs < 0)
        return 0;
    const ltp_compile_programme *needed = COMPILE_AT(c->programme, ltp_compile_programme, programme->needs);
    int count = 0;
    for (int a = 0; a < c->action.count; a++) {
        const ltp_compile_key *key = COMPILE_AT(c->action_map.key, ltp_compile_key, a);
        if (key->part[0] != programme->needs)
            continue;
        if (key->part[1] == party) {
            after[0] = a;
            return 1;
        }
        bool other = true; /* several actions of one organisation start together */
        for (int k = 0; k < count; k++)
            other &= COMPILE_AT(c->action_map.key, ltp_compile_key, after[k])->part[1] != key->part[1];
        if (other)
            after[count++] = a;
    }
    const ltp_cell *start = ltp_cell_at(COMPILE_TABLE(c, PROGRAMMES), needed->row, LTP_PROGRAMMES_START);
    if (count == 0 && start->present)
        *earliest = start->number - 12.0;
    return count;
}

int ltp_programme_action(const ltp_programme_reading *p, int party, double effect, int price) {
    ltp_compile_context *c = p->c;
    int bits[2];
    bool found;
    memcpy(bits, &effect, sizeof bits);
    int at =
        ltp_compile_intern(c, &c->action_map, (ltp_compile_key){{p->index, party, bits[0], bits[1], price}}, &found);
    if (found)
        return at;
    const int place = ltp_compile_party_at(c, party)->place;
    const int wanted = (int)ltp_compile_number(p->table, p->row, LTP_PROGRAMMES_TRANCHES);
    ltp_tranche *tranche = COMPILE_NEW(c, wanted, ltp_tranche);
    double earliest, *planned = COMPILE_NEW(c, c->year_count + 1, double);
    int *after = COMPILE_NEW(c, c->action.count, int);
    ltp_action action = {.effect = effect,
                         .lasting = -1,
                         .money_row = -1,
                         .ramp_years = ltp_compile_number(p->table, p->row, LTP_PROGRAMMES_RAMP_MONTHS) / 12.0,
                         .s_curve = ltp_compile_number(p->table, p->row, LTP_PROGRAMMES_RAMP) == LTP_RAMP_S_CURVE,
                         .money = p->money && price >= 0,
                         .after_count = wait_for(c, p->programme, party, after, &earliest),
                         .after = after,
                         .scheme = p->programme->scheme,
                         .capital = -1,
                         .planned_open = -1e300,
                         .tranche = tranche,
                         .planned = planned};
    if (action.scheme < 0 && p->programme->needs >= 0 && action.after_count == 0) /* it has no action to wait for */
        action.scheme = COMPILE_AT(c->programme, ltp_compile_programme, p->programme->needs)->scheme;
    if (action.scheme >= 0)
        action.planned_open = ltp_compile_planned_opening(c, action.scheme);
    for (int n = 0; n < wanted; n++) {
        const double start = fmax(ltp_programme_start(p) + 12.0 * n, earliest);
        const int year = ltp_programme_start_year(ltp_programme_start(p) + 12.0 * n);
        if (year > c->year_count && n > 0)
            break; /* after the horizon; the first one stays, for those that wait for it */
        ltp_tranche *one = &tranche[action.tranche_count++];
        one->start = start;
        one->draw_year = year;
        one->delivery = drawn_once(LTP_PROGRAMMES_DELIVERY, p, place, party, year);
        one->slippage = drawn_once(LTP_PROGRAMMES_SLIPPAGE, p, place, party, year);
        one->recurrent = drawn_once(LTP_PROGRAMMES_RECURRENT_SHARE, p, place, party, year);
        one->price_at_start =
            action.money ? held_price(c, ltp_programme_start(p) + 12.0 * n < 0.0 ? -1 : price, year) : -1;
    }
    for (int t = 1; t <= c->year_count; t++)
        planned[t] = planned_level(c, &action, t);
    return ltp_compile_push(c, &c->action, sizeof action, &action);
}
