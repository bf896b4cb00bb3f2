#include "sim/engine/progress.h"

#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define BAR_WIDTH 24
#define REDRAW_SECONDS 0.1

double ltp_clock(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int terminal_width(FILE *to) {
    struct winsize size;
    if (ioctl(fileno(to), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 80;
}

void ltp_progress_begin(ltp_progress *progress, FILE *to, bool quiet, uint64_t total) {
    *progress = (ltp_progress){.to = to,
                               .shown = !quiet && isatty(fileno(to)),
                               .width = terminal_width(to),
                               .total = total,
                               .begun = ltp_clock()};
}

/* 102400 → "102,400" */
static void group_digits(char *text, size_t size, uint64_t number) {
    char plain[32];
    size_t length = (size_t)snprintf(plain, sizeof plain, "%llu", (unsigned long long)number), out = 0;
    for (size_t k = 0; k < length && out + 2 < size; k++) {
        if (k > 0 && (length - k) % 3 == 0)
            text[out++] = ',';
        text[out++] = plain[k];
    }
    text[out] = '\0';
}

static void time_left(char *text, size_t size, double seconds) {
    if (seconds < 59.95)
        snprintf(text, size, "%.1f s left", seconds);
    else if (seconds < 3600)
        snprintf(text, size, "%.0f min left", seconds / 60);
    else
        snprintf(text, size, "%.1f h left", seconds / 3600);
}

void ltp_progress_line(char *line, size_t size, int width, uint64_t done, uint64_t total, double elapsed) {
    const double share = total ? (double)done / (double)total : 1.0;
    char bar[BAR_WIDTH + 1], so_far[32], all[32], left[32] = "";
    const int filled = (int)(share * BAR_WIDTH);
    for (int k = 0; k < BAR_WIDTH; k++)
        bar[k] = k < filled ? '#' : '.';
    bar[BAR_WIDTH] = '\0';
    group_digits(so_far, sizeof so_far, done);
    group_digits(all, sizeof all, total);
    if (done > 0)
        time_left(left, sizeof left, elapsed * (1.0 / share - 1.0));
    int length =
        snprintf(line, size, "simulating [%s] %3.0f%%  %s of %s paths  %s", bar, 100 * share, so_far, all, left);
    if (length >= width)
        length = snprintf(line, size, "%3.0f%%  %s of %s  %s", 100 * share, so_far, all, left);
    if (length >= width)
        length = snprintf(line, size, "%.0f%%  %s", 100 * share, left);
    if (length >= width)
        snprintf(line, size, "%.0f%%", 100 * share);
}

void ltp_progress_update(ltp_progress *progress, uint64_t done) {
    char line[256];
    const double now = ltp_clock();
    if (!progress->shown || now - progress->last < REDRAW_SECONDS)
        return;
    progress->last = now;
    progress->drawn = true;
    ltp_progress_line(line, sizeof line, progress->width, done, progress->total, now - progress->begun);
    fprintf(progress->to, "\r\033[K%s", line);
    fflush(progress->to);
}

void ltp_progress_end(ltp_progress *progress) {
    if (progress->drawn)
        fputs("\r\033[K", progress->to);
    fflush(progress->to);
}
