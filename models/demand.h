/* Demand, prices, tariff rates and allocations: the rows that flows are paid by, moved on by a year. */
#ifndef LTP_MODELS_DEMAND_H
#define LTP_MODELS_DEMAND_H

#include "models/state.h"

/* A0(s,h,p,t) = A0(s,h,p,t−1) · (1+g_demo(s,p,t)) · (1+x_demand.p(s,h,t)), A0 = 1 in year 0. */
void ltp_demand_year(const ltp_model *model, ltp_state *state, int year);

/* price(k,t) = Π_u (1+x_price.k,u);  r_t = Π_u (1 + uplift_u + error_u − efficiency_u);  λ of fixed contracts. */
void ltp_price_year(const ltp_model *model, ltp_state *state, int year);

/* Allocation of a stream = amount · Π over years u ≤ t that are not firm of (1 + x_allocation.growth,u);
 * block index_t = index_{t−1} · (allocation_t − new money already in it) ÷ allocation_{t−1}. */
void ltp_allocation_year(const ltp_model *model, ltp_state *state, int year);

#endif
