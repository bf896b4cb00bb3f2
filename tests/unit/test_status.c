#include "sim/core/status.h"

#include <stdbool.h>

#include "tests/support/test.h"

static void reports_status_and_message(void **state) {
    (void)state;
    ltp_error error = {0};
    assert_int_equal(ltp_error_set(&error, LTP_ERROR_INPUT, "%s: expected %d", "providers.csv:3:7", 4),
                     LTP_ERROR_INPUT);
    assert_int_equal(error.status, LTP_ERROR_INPUT);
    assert_string_equal(error.message, "providers.csv:3:7: expected 4");
}

static void keeps_a_message_that_just_fits(void **state) {
    (void)state;
    ltp_error error;
    char longest[LTP_ERROR_TEXT];
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    ltp_error_set(&error, LTP_ERROR_IO, "%s", longest);
    assert_string_equal(error.message, longest);
}

/* Length in bytes of the UTF-8 character at text, 0 if there is none. */
static size_t character_length(const unsigned char *text) {
    const size_t length = text[0] < 0x80             ? 1
                          : (text[0] & 0xE0) == 0xC0 ? 2
                          : (text[0] & 0xF0) == 0xE0 ? 3
                          : (text[0] & 0xF8) == 0xF0 ? 4
                                                     : 0;
    for (size_t i = 1; i < length; i++)
        if ((text[i] & 0xC0) != 0x80)
            return 0;
    return length;
}

static bool is_utf8(const char *text) {
    const unsigned char *at = (const unsigned char *)text;
    while (*at) {
        const size_t length = character_length(at);
        if (length == 0)
            return false;
        at += length;
    }
    return true;
}

static void cuts_a_long_message_between_characters(void **state) {
    (void)state;
    static const char *const character[] = {"x", "£", "…", "𝛿"};
    for (size_t c = 0; c < 4; c++)
        for (int shift = 0; shift < 4; shift++) {
            ltp_error error;
            char text[4 * LTP_ERROR_TEXT];
            size_t length = 0;
            for (int i = 0; i < shift; i++)
                text[length++] = 'a';
            while (length < 2 * LTP_ERROR_TEXT) {
                memcpy(text + length, character[c], strlen(character[c]));
                length += strlen(character[c]);
            }
            text[length] = '\0';
            ltp_error_set(&error, LTP_ERROR_IO, "%s", text);
            const size_t kept = strlen(error.message);
            assert_true(is_utf8(error.message));
            assert_in_range(kept, LTP_ERROR_TEXT - 4, LTP_ERROR_TEXT - 1);
            assert_string_equal(error.message + kept - 3, "…");
            assert_memory_equal(error.message, text, kept - 3);
        }
}

static void the_check_of_utf8_can_fail(void **state) {
    (void)state;
    assert_false(is_utf8("cut mid-character \xE2\x80"));
    assert_false(is_utf8("\x80"));
    assert_true(is_utf8("£"));
}

static void a_message_may_quote_itself(void **state) {
    (void)state;
    ltp_error error;
    ltp_error_set(&error, LTP_ERROR_IO, "no such file");
    ltp_error_set(&error, LTP_ERROR_INPUT, "history.csv: %s", error.message);
    assert_string_equal(error.message, "history.csv: no such file");
}

static void every_status_has_its_exit_code(void **state) {
    (void)state;
    assert_int_equal(ltp_status_exit_code(LTP_OK), 0);
    assert_int_equal(ltp_status_exit_code(LTP_ERROR_MEMORY), 1);
    assert_int_equal(ltp_status_exit_code(LTP_ERROR_IO), 1);
    assert_int_equal(ltp_status_exit_code(LTP_ERROR_USAGE), 2);
    assert_int_equal(ltp_status_exit_code(LTP_ERROR_INPUT), 3);
    assert_int_equal(ltp_status_exit_code(LTP_ERROR_RESULT), 4);
    assert_int_equal(ltp_status_exit_code(LTP_ERROR_NUMERIC), 1);
    assert_int_equal(ltp_status_exit_code(LTP_ERROR_STOPPED), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reports_status_and_message),
        cmocka_unit_test(keeps_a_message_that_just_fits),
        cmocka_unit_test(cuts_a_long_message_between_characters),
        cmocka_unit_test(the_check_of_utf8_can_fail),
        cmocka_unit_test(a_message_may_quote_itself),
        cmocka_unit_test(every_status_has_its_exit_code),
    };
    return cmocka_run_group_tests_name("status", tests, NULL, NULL);
}
