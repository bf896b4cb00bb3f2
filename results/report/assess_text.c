/* Words and figures of the assessment, for people. */
#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "results/report/assess_internal.h"

#define ONE_DECIMAL 0.4 /* an error that supports one decimal */

static char *slot(ltp_assess *a) {
    return a->text[a->ring++ % LTP_ASSESS_RING];
}

const char *ltp_assess_format(ltp_assess *a, const char *format, ...) {
    char *text = slot(a);
    va_list list;
    va_start(list, format);
    vsnprintf(text, LTP_ASSESS_TEXT, format, list);
    va_end(list);
    return text;
}

const char *ltp_assess_money(ltp_assess *a, double value, double error) {
    char figure[48];
    if (isnan(value))
        return "–";
    ltp_format_number(fabs(value), fmax(error, ONE_DECIMAL), figure, NULL); /* fmax passes over NaN */
    return ltp_assess_format(a, "£%sm", figure);
}

const char *ltp_assess_percent(ltp_assess *a, double share) {
    if (isnan(share))
        return "–";
    if (share > 0 && share < 0.005)
        return "<1%";
    if (share < 1 && share > 0.995)
        return ">99%";
    return ltp_assess_format(a, "%.0f%%", 100 * share);
}

const char *ltp_assess_probability(ltp_assess *a, ltp_assess_number p) {
    char value[48], error[48];
    if (isnan(p.value))
        return "–";
    if (!(p.error > 0) && isfinite(p.low) && isfinite(p.high) && p.high > p.low) {
        const bool rare = p.value < 0.5;
        const double bound = 100 * (rare ? p.high : 1 - p.low); /* to one digit, on the safe side */
        const int power = (int)floor(log10(bound) + 1e-9), decimals = power < 0 ? -power : 0;
        const double unit = pow(10, power), away = ceil(bound / unit - 1e-9) * unit;
        return ltp_assess_format(a, "%s %.*f%%", rare ? "<" : ">", decimals, rare ? away : 100 - away);
    }
    ltp_format_number(100 * p.value, 100 * p.error, value, error);
    return *error ? ltp_assess_format(a, "%s%% ± %s", value, error) : ltp_assess_format(a, "%s%%", value);
}

/* Bytes of one character. */
static size_t step(const char *text) {
    size_t length = 1;
    while (((unsigned char)text[length] & 0xC0) == 0x80)
        length++;
    return length;
}

const char *ltp_assess_clip(ltp_assess *a, const char *text, size_t width) {
    if (ltp_text_width(text) <= width)
        return text;
    char *out = slot(a);
    size_t used = 0;
    out[0] = '\0';
    while (text[used] && used + step(text + used) + 4 < LTP_ASSESS_TEXT) {
        const size_t more = step(text + used);
        memcpy(out + used, text + used, more);
        out[used + more] = '\0';
        if (ltp_text_width(out) + 1 > width)
            break;
        used += more;
    }
    while (used > 0 && out[used - 1] == ' ')
        used--;
    strcpy(out + used, "…");
    return out;
}

const char *ltp_assess_right(ltp_assess *a, const char *text, size_t width) {
    const size_t own = ltp_text_width(text);
    return ltp_assess_format(a, "%*s%s", own < width ? (int)(width - own) : 0, "", text);
}

void ltp_assess_append(char *text, size_t size, const char *format, ...) {
    const size_t used = strlen(text);
    va_list list;
    va_start(list, format);
    if (used + 1 < size)
        vsnprintf(text + used, size - used, format, list);
    va_end(list);
}

/* A label cannot drive the terminal: control characters are shown as '?'. */
static void put(const char *text, size_t length, FILE *to) {
    for (size_t k = 0; k < length; k++)
        fputc((unsigned char)text[k] < 0x20 || text[k] == 0x7F ? '?' : text[k], to);
}

void ltp_assess_wrap(ltp_assess *a, size_t indent, const char *text) {
    char word[LTP_ASSESS_TEXT];
    size_t column = 0;
    if (!a->to)
        return;
    while (*text) {
        const size_t length = strcspn(text, " ");
        snprintf(word, sizeof word, "%.*s", (int)length, text);
        const size_t width = ltp_text_width(word);
        if (column > 0 && column + 1 + width > LTP_ASSESS_WIDTH) {
            fputc('\n', a->to);
            fprintf(a->to, "%*s", (int)indent + 2, "");
            column = indent + 2;
        } else if (column > 0) {
            fputc(' ', a->to);
            column++;
        } else {
            fprintf(a->to, "%*s", (int)indent, "");
            column = indent;
        }
        put(text, length, a->to);
        column += width;
        text += length;
        text += strspn(text, " ");
    }
    fputc('\n', a->to);
}

void ltp_assess_cells(ltp_assess *a, size_t count, const size_t *width, const char *const *text) {
    if (!a->to)
        return;
    size_t owed = 0;
    for (size_t k = 0; k < count; k++) {
        const char *cell = ltp_assess_clip(a, text[k], width[k]);
        if (*cell) {
            fprintf(a->to, "%*s", (int)owed, "");
            put(cell, strlen(cell), a->to);
            owed = 0;
        }
        owed += width[k] - (*cell ? ltp_text_width(cell) : 0) + 2;
    }
    fputc('\n', a->to);
}

const char *ltp_assess_verdict(const ltp_assess *a, double p) {
    if (isnan(p))
        return "not assessed";
    return p >= a->option->confidence ? "met" : p >= 0.5 ? "at risk" : "not met";
}
