/* Money that something moves in the accounts of a layer, kept so that every layer in which it moves the same adds it:
 * what price programmes and the settlement's rules change. */
#ifndef LTP_MODELS_MOVED_H
#define LTP_MODELS_MOVED_H

#include <stdbool.h>

#include "models/place.h"

/* A thing that is moved: a total of an organisation, what it uses, or what everybody outside pays net. */
typedef enum {
    LTP_MOVED_OUTSIDE = 0,
    LTP_MOVED_COST,
    LTP_MOVED_INCOME,
    LTP_MOVED_USE,
    LTP_MOVED_STREAM
} ltp_moved_kind;

typedef struct {
    ltp_moved_kind kind;
    int organisation, item; /* item: service or stream */
} ltp_moved_thing;

typedef struct {
    int count;
    const ltp_moved_thing *thing; /* the first is what everybody outside pays */
} ltp_moved;

/* A payment's ends: indexes of things, −1: nothing that is looked at. */
typedef struct {
    int payer_cost, payee_income, payee_cost;
    int payer_use, payer_stream, payee_use;
} ltp_moved_ends;

typedef struct {
    double *row; /* block rows [thing]: £m */
    bool *moves; /* [tile × thing] whether there is anything in the tile of the row */
} ltp_moved_rows;

ltp_moved_rows ltp_moved_place(const ltp_moved *moved, ltp_placing *to);
void ltp_moved_clear_tile(const ltp_moved *moved, const ltp_moved_rows *rows, size_t lane);
/* Thing += scale · change, a tile row; nothing for −1. */
void ltp_moved_add_tile(const ltp_moved *moved, const ltp_moved_rows *rows, int index, double scale,
                        const double *change, size_t lane);
/* Adds all to a layer's rows; `outside` is the tile row of net payments of everybody outside. */
void ltp_moved_hand_tile(const ltp_model *model, ltp_state *state, const ltp_moved *moved, const ltp_moved_rows *rows,
                         int layer, size_t lane, double *outside);

#endif
