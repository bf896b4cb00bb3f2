/* Status codes and errors with context: the one way a function reports failure.
 *
 * Every function that can fail returns ltp_status (LTP_OK or a code) and takes `ltp_error *` last.
 * The caller owns the ltp_error; it is never NULL. Errors are made by ltp_error_set only.
 * Problems of a scenario (many at once, each with file:line:column) live in sim/plan/problem.h. */
#ifndef LTP_CORE_STATUS_H
#define LTP_CORE_STATUS_H

typedef enum {
    LTP_OK = 0,
    LTP_ERROR_MEMORY,  /* allocation refused or its size overflows */
    LTP_ERROR_IO,      /* a file cannot be read or written */
    LTP_ERROR_USAGE,   /* the command line is wrong */
    LTP_ERROR_INPUT,   /* the scenario is invalid */
    LTP_ERROR_RESULT,  /* the result file is unusable */
    LTP_ERROR_NUMERIC, /* a number left its domain (overflow of an exact sum, a matrix that cannot be) */
    LTP_ERROR_STOPPED  /* stopped on request (Ctrl-C) */
} ltp_status;

#define LTP_ERROR_TEXT 1024

typedef struct {
    ltp_status status;
    char message[LTP_ERROR_TEXT]; /* one sentence, UTF-8, no newline at the end */
} ltp_error;

/* Formats `message` and returns `status`, so that `return ltp_error_set(error, …)` reads well.
 * A message longer than LTP_ERROR_TEXT is cut at a character boundary and ends in "…". */
ltp_status ltp_error_set(ltp_error *error, ltp_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Process exit code of a status: 0 done, 1 failed, 2 usage, 3 scenario invalid, 4 result unusable. */
int ltp_status_exit_code(ltp_status status);

#endif
