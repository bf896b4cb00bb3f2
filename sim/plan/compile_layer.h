/* Between compile_layer.c and compile_cell.c: a variant under construction. */
#ifndef LTP_PLAN_COMPILE_LAYER_H
#define LTP_PLAN_COMPILE_LAYER_H

#include "sim/plan/compile.h"

typedef struct {
    compile_map pair_map, line_map, joined_map; /* (activity, moderation); what makes a line; (line, year) */
    compile_list line, joined;                  /* ltp_line, ltp_joined */
    int *flow_pair;                 /* [flow] −1: none */
    const int *given;               /* [flow] which given series it is paid by, −1 */
} compile_variant;

bool compile_layer_has(const compile_context *c, int layer, int programme);
/* What the programmes of a layer that touch one thing leave of it; −1 if none does. */
int compile_combination(compile_context *c, compile_touch_kind kind, int on, int layer);
/* Cells that payments are added up in, the same for every variant. */
void compile_cells(compile_context *c);
/* The cells' entries in one variant. */
void compile_variant_cells(compile_context *c, int v, compile_variant *build, ltp_variant *variant);

#endif
