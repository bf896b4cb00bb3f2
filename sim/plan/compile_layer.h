/* Between compile_layer.c and compile_cell.c: a variant under construction. */
#ifndef LTP_PLAN_COMPILE_LAYER_H
#define LTP_PLAN_COMPILE_LAYER_H

#include "sim/plan/compile.h"

typedef struct {
    ltp_compile_map pair_map, line_map, joined_map; /* (activity, moderation); what makes a line; (line, year) */
    ltp_compile_list line, joined;                  /* ltp_line, ltp_joined */
    int *flow_pair;                                 /* [flow] −1: none */
    const int *given;                               /* [flow] which given series it is paid by, −1 */
} ltp_compile_variant;

/* Numbers of the tests that have programmes, in the scenario's order; at most LTP_LAYER_MAX − 2. */
int ltp_compile_tests(const ltp_compile_context *c, int *test);
/* Compiles the layers of c->content: activity variants, what each layer touches, which are the same. */
void ltp_compile_layer_set(ltp_compile_context *c, const size_t *layer_same[LTP_QUANTITY_COUNT]);
/* The layers that attribution needs beside the plan's own: every subset of tests, the plan without each programme. */
void ltp_compile_attribution(ltp_compile_context *c);
const char *ltp_compile_test_name(const ltp_compile_context *c, int test); /* "Recovery trajectories" … for people */
bool ltp_compile_layer_has(const ltp_compile_context *c, int layer, int programme);
/* What the programmes of a layer that touch one thing leave of it; −1 if none does. */
int ltp_compile_combination(ltp_compile_context *c, ltp_compile_touch_kind kind, int on, int layer);
/* The same of some of them alone. */
int ltp_compile_combination_of(ltp_compile_context *c, ltp_compile_touch_kind kind, int on, int layer,
                               ltp_compile_only only);
/* Whether a line, or a cell, of two variants comes to the same, path by path. */
bool ltp_compile_same_line(const ltp_variant *a, int of_a, const ltp_variant *b, int of_b);
bool ltp_compile_same_sum(const ltp_variant *a, const ltp_sum *of_a, const ltp_variant *b, const ltp_sum *of_b);
/* The same of a sum over pairs: patients treated. */
bool ltp_compile_same_patients(const ltp_variant *a, const ltp_sum *of_a, const ltp_variant *b, const ltp_sum *of_b);
/* Layers in which price programmes, or the settlement's rules, move the same payments share them: layer.price, .floor.
 */
void ltp_compile_layer_owners(ltp_compile_context *c, ltp_layer *layers, int count);
/* After the owners: what each variant makes anew. */
void ltp_compile_made(ltp_compile_context *c, const ltp_layer *layers, int count);
/* Cells that payments are added up in, the same for every variant. */
void ltp_compile_cells(ltp_compile_context *c);
/* The cells' entries in one variant. */
void ltp_compile_variant_cells(ltp_compile_context *c, int v, ltp_compile_variant *build, ltp_variant *variant);

#endif
