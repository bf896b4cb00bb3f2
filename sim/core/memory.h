/* Aligned, overflow-checked memory. All blocks are 64-byte aligned and zeroed; free with ltp_free. */
#ifndef LTP_CORE_MEMORY_H
#define LTP_CORE_MEMORY_H

#include <stddef.h>

#include "sim/core/status.h"

#define LTP_ALIGNMENT 64

/* *out = count × size zeroed bytes, 64-byte aligned (count 0 gives a valid pointer to nothing).
 * LTP_ERROR_MEMORY, naming `what`, when the product overflows or the system refuses; *out is then NULL. */
ltp_status ltp_allocate(void **out, size_t count, size_t size, const char *what, ltp_error *error);

/* Typed form: LTP_NEW(&pointer, count, "what", error). */
#define LTP_NEW(out, count, what, error) ltp_allocate((void **)(out), (count), sizeof **(out), (what), (error))

/* Grows *pointer (from ltp_allocate) from old_count to new_count items, new ones zeroed; moves it.
 * On failure *pointer is untouched. */
ltp_status ltp_reallocate(void **pointer, size_t old_count, size_t new_count, size_t size, const char *what,
                          ltp_error *error);

void ltp_free(void *pointer);

/* A pool of memory freed at once: strings and small arrays that live as long as their owner. */
typedef struct ltp_pool ltp_pool;
ltp_status ltp_pool_create(ltp_pool **pool, ltp_error *error);
void ltp_pool_destroy(ltp_pool *pool); /* NULL is fine */
ltp_status ltp_pool_allocate(ltp_pool *pool, void **out, size_t count, size_t size, ltp_error *error);
#define LTP_POOL_NEW(pool, out, count, error)                                                                          \
    ltp_pool_allocate((pool), (void **)(out), (count), sizeof **(out), (error))
/* Copy of `length` bytes of text, NUL-terminated, owned by the pool. */
ltp_status ltp_pool_text(ltp_pool *pool, char **out, const char *text, size_t length, ltp_error *error);
/* printf into the pool. */
ltp_status ltp_pool_format(ltp_pool *pool, char **out, ltp_error *error, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* For fault tests: the n-th allocation from now on fails (0 = none). Process-wide. */
void ltp_memory_fail_after(unsigned long n);

#endif
