/* Progress with time left, on a terminal only; the caller serialises the calls. */
#ifndef LTP_ENGINE_PROGRESS_H
#define LTP_ENGINE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef struct {
    FILE *to;
    bool shown;         /* `to` is a terminal and nobody asked for quiet */
    int width;          /* columns of the terminal */
    uint64_t total;     /* paths */
    double begun, last; /* seconds */
    bool drawn;
} ltp_progress;

/* Nothing is shown when `quiet`, or when `to` is no terminal. */
void ltp_progress_begin(ltp_progress *progress, FILE *to, bool quiet, uint64_t total);
void ltp_progress_update(ltp_progress *progress, uint64_t done);
void ltp_progress_end(ltp_progress *progress); /* leaves the line clean */

/* One line of at most `width` columns: "simulating [####....] 41%  42,000 of 102,400 paths  1.2 s left". */
void ltp_progress_line(char *line, size_t size, int width, uint64_t done, uint64_t total, double elapsed);

/* Seconds of a clock that never goes back. */
double ltp_clock(void);

#endif
