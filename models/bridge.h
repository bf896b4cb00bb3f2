/* The do-nothing bridge: why the gap is what it is. Effects switched on one after another, all years at once. */
#ifndef LTP_MODELS_BRIDGE_H
#define LTP_MODELS_BRIDGE_H

#include "models/state.h"

extern const char *const ltp_bridge_line_code[LTP_BRIDGE_COUNT]; /* "reported", "normalisation", … */
extern const char *const ltp_bridge_line_name[LTP_BRIDGE_COUNT];

/* The bridge line that a category's price belongs to (LTP_BRIDGE_PAY …). */
int ltp_bridge_price_line(const char *category);

/* Whether a price line of an organisation can be anything but 0: it has such costs, or pays such pass-through. */
bool ltp_bridge_has_price(const ltp_model *model, int organisation, int line);

/* One tile of do_nothing, after its layer: every line of every organisation; they sum to its gap. */
void ltp_bridge_tile(const ltp_model *model, ltp_state *state, int year, size_t lane);

/* Whether the line can be anything but 0. */
bool ltp_bridge_has_line(const ltp_model *model, int line);
/* Around a step of the do-nothing layer: what it adds to every organisation's gap becomes the line's tile of rows. */
void ltp_bridge_before_step(const ltp_model *model, ltp_state *state, int line, size_t lane);
void ltp_bridge_after_step(const ltp_model *model, ltp_state *state, int line, size_t lane);

#endif
