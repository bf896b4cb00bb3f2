/* Temporary scenario folders for tests: made below one scratch folder that is removed at the end. */
#ifndef LTP_TESTS_SUPPORT_FOLDER_H
#define LTP_TESTS_SUPPORT_FOLDER_H

#include <stdbool.h>

#include "sim/plan/scenario.h"

/* Path of scratch/NAME (in a static buffer of the call's own; eight live at a time). */
const char *folder_path(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Writes scratch/NAME, making its folders. */
void folder_write(const char *name, const char *text);
void folder_write_bytes(const char *name, const void *bytes, size_t length);
/* The smallest valid scenario: one system, one CCG, one trust, two outside parties, two flows and costs. */
void folder_write_minimal(const char *scenario);
int folder_remove_all(void **state);

/* A loaded scenario with the text of its problems. */
typedef struct {
    ltp_status status;
    ltp_error error;
    ltp_scenario *scenario;
    char errors[32768], warnings[4096], notes[4096];
    size_t error_count;
} loaded;
void load(loaded *out, const char *scenario, const char *const *overrides, size_t count);
void unload(loaded *out);
/* Fails unless loading ended in LTP_ERROR_INPUT and the errors hold `text`. */
void expect_refusal(const char *scenario, const char *text);
/* Fails, printing the errors, unless the scenario is valid. */
void expect_valid(const char *scenario);

#endif
