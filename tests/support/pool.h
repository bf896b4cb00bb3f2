/* The pool of a test's group: open_pool and close_pool are its set-up and tear-down. */
#ifndef LTP_TESTS_SUPPORT_POOL_H
#define LTP_TESTS_SUPPORT_POOL_H

#include "sim/core/memory.h"
#include "sim/core/status.h"

extern ltp_pool *pool;
extern ltp_error problem; /* what the last refusal said */

int open_pool(void **state);
int close_pool(void **state);

#endif
