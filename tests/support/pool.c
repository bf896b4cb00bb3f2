#include "tests/support/pool.h"

ltp_pool *pool;
ltp_error problem;

int open_pool(void **state) {
    (void)state;
    return ltp_pool_create(&pool, &problem) != LTP_OK;
}

int close_pool(void **state) {
    (void)state;
    ltp_pool_destroy(pool);
    return 0;
}
