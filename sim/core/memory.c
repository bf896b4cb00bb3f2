#include "sim/core/memory.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Requests that remain before the one that fails; 0 = none fails. */
static atomic_ulong countdown;

void ltp_memory_fail_after(unsigned long n) {
    atomic_store(&countdown, n);
}

/* True for the request that a fault test wants refused, and for no other. */
static bool refused_by_test(void) {
    unsigned long left = atomic_load(&countdown);
    while (left > 0)
        if (atomic_compare_exchange_weak(&countdown, &left, left - 1))
            return left == 1;
    return false;
}

static ltp_status refuse(size_t count, size_t size, const char *what, ltp_error *error) {
    return ltp_error_set(error, LTP_ERROR_MEMORY, "out of memory for %s: %zu × %zu bytes", what, count, size);
}

/* *bytes = count × size rounded up to the alignment, at least one unit; false when that overflows. */
static bool rounded_size(size_t count, size_t size, size_t *bytes) {
    size_t product, padded;
    if (__builtin_mul_overflow(count, size, &product) || __builtin_add_overflow(product, LTP_ALIGNMENT - 1, &padded))
        return false;
    if (padded > PTRDIFF_MAX)
        return false;
    *bytes = product == 0 ? LTP_ALIGNMENT : padded / LTP_ALIGNMENT * LTP_ALIGNMENT;
    return true;
}

/* Working rows are walked page by page over tens of MiB: from 4 MiB on, memory stands on huge pages where the system
 * gives them (8% less time a path). A hint only: refusal changes nothing but speed. */
#define HUGE_PAGE ((size_t)2 * 1024 * 1024)

static void *aligned_zero(size_t bytes) {
    const bool large = bytes >= 2 * HUGE_PAGE;
    void *memory = aligned_alloc(large ? HUGE_PAGE : LTP_ALIGNMENT,
                                 large ? (bytes + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE : bytes);
    if (memory && large)
        (void)madvise(memory, bytes, MADV_HUGEPAGE);
    return memory ? memset(memory, 0, bytes) : NULL;
}

ltp_status ltp_allocate(void **out, size_t count, size_t size, const char *what, ltp_error *error) {
    size_t bytes;
    *out = NULL;
    if (refused_by_test() || !rounded_size(count, size, &bytes) || !(*out = aligned_zero(bytes)))
        return refuse(count, size, what, error);
    return LTP_OK;
}

ltp_status ltp_reallocate(void **pointer, size_t old_count, size_t new_count, size_t size, const char *what,
                          ltp_error *error) {
    void *grown;
    const ltp_status status = ltp_allocate(&grown, new_count, size, what, error);
    if (status != LTP_OK)
        return status;
    const size_t kept = old_count < new_count ? old_count : new_count;
    if (*pointer && kept > 0)
        memcpy(grown, *pointer, kept * size);
    ltp_free(*pointer);
    *pointer = grown;
    return LTP_OK;
}

void ltp_free(void *pointer) {
    free(pointer);
}

/* --- pools ------------------------------------------------------------------------------------------------------ */

#define CHUNK_BYTES ((size_t)64 * 1024)

/* A chunk: this head in its first LTP_ALIGNMENT bytes, then `capacity` bytes handed out from the front. */
typedef struct chunk {
    struct chunk *next;
    size_t used, capacity;
} chunk;
_Static_assert(sizeof(chunk) <= LTP_ALIGNMENT, "the head of a chunk must leave its bytes aligned");

struct ltp_pool {
    chunk *first; /* the one with room; full and oversized ones follow */
};

ltp_status ltp_pool_create(ltp_pool **pool, ltp_error *error) {
    return LTP_NEW(pool, 1, "a memory pool", error);
}

void ltp_pool_destroy(ltp_pool *pool) {
    if (!pool)
        return;
    for (chunk *each = pool->first, *next; each; each = next) {
        next = each->next;
        ltp_free(each);
    }
    ltp_free(pool);
}

static void *take(chunk *from, size_t offset, size_t bytes) {
    from->used = offset + bytes;
    return (char *)from + LTP_ALIGNMENT + offset;
}

/* `bytes` zeroed bytes at a multiple of `alignment` (a power of two), or NULL. */
static void *pool_take(ltp_pool *pool, size_t bytes, size_t alignment) {
    chunk *first = pool->first;
    if (first) {
        const size_t offset = (first->used + alignment - 1) / alignment * alignment;
        if (offset <= first->capacity && bytes <= first->capacity - offset)
            return take(first, offset, bytes);
    }
    const bool oversized = bytes > CHUNK_BYTES / 4; /* has a chunk to itself, so that the first keeps its room */
    const size_t capacity = oversized ? bytes : CHUNK_BYTES;
    size_t total;
    if (!rounded_size(1, capacity, &total) || __builtin_add_overflow(total, LTP_ALIGNMENT, &total))
        return NULL;
    chunk *fresh = aligned_zero(total);
    if (!fresh)
        return NULL;
    fresh->capacity = capacity;
    if (oversized && first) {
        fresh->next = first->next;
        first->next = fresh;
    } else {
        fresh->next = first;
        pool->first = fresh;
    }
    return take(fresh, 0, bytes);
}

ltp_status ltp_pool_allocate(ltp_pool *pool, void **out, size_t count, size_t size, ltp_error *error) {
    size_t bytes;
    *out = NULL;
    if (refused_by_test() || !rounded_size(count, size, &bytes) || !(*out = pool_take(pool, bytes, LTP_ALIGNMENT)))
        return refuse(count, size, "a memory pool", error);
    return LTP_OK;
}

/* Room for text of `length` bytes and its NUL, unaligned. */
static ltp_status text_room(ltp_pool *pool, char **out, size_t length, ltp_error *error) {
    *out = NULL;
    if (refused_by_test() || length == SIZE_MAX || !(*out = pool_take(pool, length + 1, 1)))
        return refuse(length, 1, "text", error);
    return LTP_OK;
}

ltp_status ltp_pool_text(ltp_pool *pool, char **out, const char *text, size_t length, ltp_error *error) {
    const ltp_status status = text_room(pool, out, length, error);
    if (status == LTP_OK && length > 0)
        memcpy(*out, text, length);
    return status;
}

ltp_status ltp_pool_format(ltp_pool *pool, char **out, ltp_error *error, const char *format, ...) {
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    const int length = vsnprintf(NULL, 0, format, arguments);
    ltp_status status;
    if (length < 0) {
        *out = NULL;
        status = ltp_error_set(error, LTP_ERROR_INPUT, "text cannot be encoded: %s", format);
    } else {
        status = text_room(pool, out, (size_t)length, error);
    }
    if (status == LTP_OK)
        vsnprintf(*out, (size_t)length + 1, format, again);
    va_end(again);
    va_end(arguments);
    return status;
}
