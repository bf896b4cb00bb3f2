/* Layers: what programmes other than demand change on top of a variant, only the cells that they touch. */
#ifndef LTP_MODELS_LAYER_H
#define LTP_MODELS_LAYER_H

#include "models/state.h"

/* One tile of one layer: cost programmes, price programmes on pass-through flows, money of programmes; then the
 * saving against do_nothing (layer 0 must be done first) and the proof that everybody's payments sum to zero. */
void ltp_layer_tile(const ltp_model *model, ltp_state *state, int layer, int year, size_t lane);

#endif
