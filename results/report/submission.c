#include "results/report/submission.h"

#include <string.h>

/* "2019-11-15" → "15 November 2019"; anything else as it is. */
static void date_text(const char *date, char out[48]) {
    static const char *const month[] = {"January", "February", "March",     "April",   "May",      "June",
                                        "July",    "August",   "September", "October", "November", "December"};
    int y, m, d, end = 0;
    if (sscanf(date, "%4d-%2d-%2d%n", &y, &m, &d, &end) == 3 && date[end] == '\0' && m >= 1 && m <= 12)
        snprintf(out, 48, "%d %s %d", d, month[m - 1], y);
    else
        snprintf(out, 48, "%.40s", date);
}

const char *ltp_submission_text(char buffer[LTP_SUBMISSION_TEXT], const ltp_result_about *about) {
    char date[48];
    buffer[0] = '\0';
    if (!*about->submission_name && !*about->submission_date && !*about->submission_milestone)
        return buffer;
    date_text(about->submission_date, date);
    snprintf(buffer, LTP_SUBMISSION_TEXT, "%.100s%s%.60s%ssubmission%s%s", about->submission_name,
             *about->submission_name ? ": " : "", about->submission_milestone, *about->submission_milestone ? " " : "",
             *date ? ", " : "", date);
    for (char *c = buffer; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7F)
            *c = '?';
    return buffer;
}

void ltp_title_print(FILE *to, const ltp_result_about *about) {
    char text[LTP_SUBMISSION_TEXT];
    if (*about->title)
        fprintf(to, "%s\n", about->title);
    if (*ltp_submission_text(text, about))
        fprintf(to, "%s\n", text);
}
