#include "sim/core/memory.h"

#include <stdbool.h>
#include <stdint.h>

#include "tests/support/test.h"

static ltp_error error;

static bool aligned(const void *pointer) {
    return (uintptr_t)pointer % LTP_ALIGNMENT == 0;
}

static bool all_bytes(const void *memory, unsigned char value, size_t length) {
    for (size_t i = 0; i < length; i++)
        if (((const unsigned char *)memory)[i] != value)
            return false;
    return true;
}

static void gives_aligned_zeroed_memory(void **state) {
    (void)state;
    for (size_t count = 1; count < 5000; count = count * 3 + 1) {
        double *row;
        assert_int_equal(LTP_NEW(&row, count, "a row", &error), LTP_OK);
        assert_true(aligned(row));
        assert_true(all_bytes(row, 0, count * sizeof *row));
        memset(row, 0xAB, count * sizeof *row); /* what the next one would find if it were not cleared */
        assert_false(all_bytes(row, 0, count * sizeof *row));
        ltp_free(row);
    }
    ltp_free(NULL);
}

static void nothing_is_a_valid_amount(void **state) {
    (void)state;
    void *a, *b;
    assert_int_equal(ltp_allocate(&a, 0, 8, "nothing", &error), LTP_OK);
    assert_int_equal(ltp_allocate(&b, 8, 0, "nothing", &error), LTP_OK);
    assert_non_null(a);
    assert_non_null(b);
    assert_ptr_not_equal(a, b);
    ltp_free(a);
    ltp_free(b);
}

static void refuses_sizes_that_overflow(void **state) {
    (void)state;
    static const size_t size[][2] = {{SIZE_MAX / 8 + 1, 8}, {SIZE_MAX, SIZE_MAX}, {SIZE_MAX, 1},
                                     {SIZE_MAX - 62, 1},    {SIZE_MAX / 2, 1},    {(size_t)1 << 33, (size_t)1 << 31}};
    ltp_pool *pool;
    assert_int_equal(ltp_pool_create(&pool, &error), LTP_OK);
    for (size_t i = 0; i < sizeof size / sizeof size[0]; i++) {
        void *out = &error;
        assert_int_equal(ltp_allocate(&out, size[i][0], size[i][1], "the flow matrix", &error), LTP_ERROR_MEMORY);
        assert_null(out);
        assert_non_null(strstr(error.message, "the flow matrix"));
        out = &error;
        assert_int_equal(ltp_pool_allocate(pool, &out, size[i][0], size[i][1], &error), LTP_ERROR_MEMORY);
        assert_null(out);
    }
    char *text = error.message;
    assert_int_equal(ltp_pool_text(pool, &text, "", SIZE_MAX, &error), LTP_ERROR_MEMORY);
    assert_null(text);
    ltp_pool_destroy(pool);
}

static void grows_and_shrinks(void **state) {
    (void)state;
    uint32_t *item = NULL;
    assert_int_equal(ltp_reallocate((void **)&item, 0, 3, sizeof *item, "items", &error), LTP_OK);
    for (uint32_t i = 0; i < 3; i++)
        item[i] = i + 1;
    assert_int_equal(ltp_reallocate((void **)&item, 3, 100, sizeof *item, "items", &error), LTP_OK);
    assert_true(aligned(item));
    assert_int_equal(item[0] + item[1] + item[2], 6);
    assert_true(all_bytes(item + 3, 0, 97 * sizeof *item));
    assert_int_equal(ltp_reallocate((void **)&item, 100, 2, sizeof *item, "items", &error), LTP_OK);
    assert_int_equal(item[1], 2);

    uint32_t *const before = item;
    assert_int_equal(ltp_reallocate((void **)&item, 2, SIZE_MAX, sizeof *item, "items", &error), LTP_ERROR_MEMORY);
    assert_ptr_equal(item, before);
    ltp_memory_fail_after(1);
    assert_int_equal(ltp_reallocate((void **)&item, 2, 4, sizeof *item, "items", &error), LTP_ERROR_MEMORY);
    assert_ptr_equal(item, before);
    assert_int_equal(item[1], 2);
    ltp_free(item);
}

static void only_the_nth_request_fails(void **state) {
    (void)state;
    for (unsigned long n = 0; n <= 6; n++) {
        ltp_memory_fail_after(n);
        for (unsigned long i = 1; i <= 6; i++) {
            void *out;
            const ltp_status status = ltp_allocate(&out, 1, 1, "a byte", &error);
            assert_int_equal(status, i == n ? LTP_ERROR_MEMORY : LTP_OK);
            assert_true((out == NULL) == (i == n));
            ltp_free(out);
        }
        ltp_memory_fail_after(0);
    }
}

/* Six requests of every kind; returns the status of the first that failed. */
static ltp_status six_requests(ltp_pool **pool) {
    double *row;
    char *text;
    ltp_status status = ltp_pool_create(pool, &error);
    if (status == LTP_OK)
        status = LTP_POOL_NEW(*pool, &row, 10, &error);
    if (status == LTP_OK)
        status = ltp_pool_text(*pool, &text, "code", 4, &error);
    if (status == LTP_OK)
        status = ltp_pool_format(*pool, &text, &error, "%d of %d", 1, 2);
    if (status == LTP_OK)
        status = LTP_POOL_NEW(*pool, &row, 1 << 16, &error);
    if (status == LTP_OK)
        status = LTP_POOL_NEW(*pool, &row, 0, &error);
    return status;
}

static void every_request_of_a_pool_can_fail(void **state) {
    (void)state;
    for (unsigned long n = 1; n <= 7; n++) {
        ltp_pool *pool;
        ltp_memory_fail_after(n);
        const ltp_status status = six_requests(&pool);
        ltp_memory_fail_after(0);
        assert_int_equal(status, n <= 6 ? LTP_ERROR_MEMORY : LTP_OK);
        ltp_pool_destroy(pool);
    }
}

static void a_pool_gives_each_its_own(void **state) {
    (void)state;
    enum { COUNT = 600 };
    static struct {
        unsigned char *memory;
        size_t length;
    } piece[COUNT];
    ltp_pool *pool;
    assert_int_equal(ltp_pool_create(&pool, &error), LTP_OK);
    for (size_t i = 0; i < COUNT; i++) { /* from a byte to several chunks, arrays and texts in turn */
        char text[32];
        piece[i].length = i % 50 == 49 ? 70000 + i : i * 7 % 900 + 1;
        if (i % 3 == 0) {
            const int length = snprintf(text, sizeof text, "organisation %zu", i);
            assert_int_equal(ltp_pool_text(pool, (char **)&piece[i].memory, text, (size_t)length, &error), LTP_OK);
            assert_string_equal((char *)piece[i].memory, text);
            piece[i].length = (size_t)length + 1;
        } else {
            assert_int_equal(LTP_POOL_NEW(pool, &piece[i].memory, piece[i].length, &error), LTP_OK);
            assert_true(aligned(piece[i].memory));
            assert_true(all_bytes(piece[i].memory, 0, piece[i].length));
        }
        memset(piece[i].memory, (int)(i % 251) + 1, piece[i].length);
    }
    for (size_t i = 0; i < COUNT; i++)
        assert_true(all_bytes(piece[i].memory, (unsigned char)(i % 251 + 1), piece[i].length));
    ltp_pool_destroy(pool);
    ltp_pool_destroy(NULL);
}

static void a_pool_keeps_text(void **state) {
    (void)state;
    ltp_pool *pool;
    char *text;
    assert_int_equal(ltp_pool_create(&pool, &error), LTP_OK);
    assert_int_equal(ltp_pool_text(pool, &text, "demand.nonelective", 6, &error), LTP_OK);
    assert_string_equal(text, "demand");
    assert_int_equal(ltp_pool_text(pool, &text, "", 0, &error), LTP_OK);
    assert_string_equal(text, "");
    assert_int_equal(ltp_pool_format(pool, &text, &error, "%s: %.1f %%", "price.pay", 2.9), LTP_OK);
    assert_string_equal(text, "price.pay: 2.9 %");
    assert_int_equal(ltp_pool_format(pool, &text, &error, "%*s", 100000, "far"), LTP_OK);
    assert_int_equal(strlen(text), 100000);
    assert_string_equal(text + 100000 - 3, "far");
    ltp_pool_destroy(pool);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_aligned_zeroed_memory), cmocka_unit_test(nothing_is_a_valid_amount),
        cmocka_unit_test(refuses_sizes_that_overflow), cmocka_unit_test(grows_and_shrinks),
        cmocka_unit_test(only_the_nth_request_fails),  cmocka_unit_test(every_request_of_a_pool_can_fail),
        cmocka_unit_test(a_pool_gives_each_its_own),   cmocka_unit_test(a_pool_keeps_text),
    };
    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
