/* Helpers of typed cells that references and settings use too. Internal to sim/plan. */
#ifndef LTP_PLAN_CELL_H
#define LTP_PLAN_CELL_H

#include "sim/plan/reading.h"

/* Place of a word in "a|b|c"; −1 if it is not there. */
int ltp_word_find(const char *values, const char *word);
/* The nearest word of "a|b|c", in `buffer`; NULL if none is near. */
const char *ltp_word_nearest(const char *values, const char *word, char *buffer, size_t size);
/* True if `text` is a literal ("=*") of a descriptor's reference. */
bool ltp_reference_literal(const char *reference, const char *text);

#endif
