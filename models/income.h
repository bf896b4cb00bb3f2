/* Income: any flow paid by a commissioner, or by an unmodelled payer; and the transfers that join flows. */
#ifndef LTP_MODELS_INCOME_H
#define LTP_MODELS_INCOME_H

#include "models/state.h"

/* One tile (lanes lane..lane+LTP_TILE) of one variant: patients, every line and joined line, then what each party pays
 * and receives by service, what providers pass through, and activity in units. */
void ltp_income_tile(const ltp_model *model, ltp_state *state, int variant, int year, size_t lane);

/* Totals by organisation before cost: spending on flows into cost_total, receipts (flows and allocations) into
 * income_total; net payments of parties outside into state->outside[0]. */
void ltp_ledger_tile(const ltp_model *model, ltp_state *state, int variant, size_t lane);

#endif
