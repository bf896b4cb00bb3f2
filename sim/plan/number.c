#include "sim/plan/number.h"

#include <ctype.h>
#include <errno.h>
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/plan/text.h"

#define TEXT_MAX 64 /* characters of a number */

static locale_t c_locale;
static pthread_once_t c_locale_once = PTHREAD_ONCE_INIT;
static void c_locale_make(void) {
    c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

/* strtod as the C locale has it; 0 and ENOMEM if that locale cannot be had. */
static double number_in_c(const char *text, char **end) {
    pthread_once(&c_locale_once, c_locale_make);
    if (!c_locale) {
        errno = ENOMEM;
        return 0.0;
    }
    return strtod_l(text, end, c_locale);
}

const char *ltp_number_text(char buffer[LTP_NUMBER_TEXT], double number) {
    pthread_once(&c_locale_once, c_locale_make);
    const locale_t before = c_locale ? uselocale(c_locale) : (locale_t)0;
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(buffer, LTP_NUMBER_TEXT, "%.*g", digits, number);
        if (number_in_c(buffer, NULL) == number)
            break;
    }
    if (before)
        uselocale(before);
    return buffer;
}

static bool refuse(ltp_complaint *complaint, const char *text, const char *what, const char *expected) {
    char excerpt[LTP_EXCERPT];
    snprintf(complaint->what, sizeof complaint->what, "'%s' %s", ltp_text_excerpt(excerpt, text), what);
    snprintf(complaint->expected, sizeof complaint->expected, "%s", expected);
    return false;
}

static size_t digits_at(const char *text) {
    return strspn(text, "0123456789");
}

/* Length of the longest strict number at the start of `text`; 0 if none. */
static size_t number_length(const char *text) {
    const char *at = text + (*text == '-');
    const size_t whole = digits_at(at);
    if (whole == 0 || (whole > 1 && *at == '0'))
        return 0;
    at += whole;
    if (*at == '.' && digits_at(at + 1) > 0)
        at += 1 + digits_at(at + 1);
    if (*at == 'e' || *at == 'E') {
        const char *power = at + 1 + (at[1] == '-' || at[1] == '+');
        if (digits_at(power) > 0)
            at = power + digits_at(power);
    }
    return (size_t)(at - text);
}

/* `text` with every byte of `drop` left out, if what is left is a strict number; else "". */
static const char *without(char buffer[TEXT_MAX + 1], const char *text, const char *drop) {
    size_t used = 0;
    for (; *text && used < TEXT_MAX; text++)
        if (!strchr(drop, *text))
            buffer[used++] = *text;
    buffer[used] = '\0';
    return number_length(buffer) == used && used > 0 ? buffer : (buffer[0] = '\0', buffer);
}

static bool has_prefix(const char *text, const char *prefix) {
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Forms that people and spreadsheets write around a number. True if it was one of them (complaint filled). */
static bool recognised_dress(const char *text, ltp_complaint *complaint) {
    static const char *const minus[] = {"−", "–", "—"};
    char bare[TEXT_MAX + 1], advice[160], number[LTP_NUMBER_TEXT];
    const size_t length = strlen(text);
    for (size_t i = 0; i < sizeof minus / sizeof minus[0]; i++) {
        if (!has_prefix(text, minus[i]))
            continue;
        snprintf(advice, sizeof advice, "a plain hyphen for minus, -%.60s", text + strlen(minus[i]));
        refuse(complaint, text, "starts with a typographic minus sign", advice);
        return true;
    }
    if (text[length - 1] == '%') {
        char *end;
        without(bare, text, "% ");
        const double share = bare[0] ? number_in_c(bare, &end) / 100.0 : 0.0;
        /* Rounded at 15 digits: 18.5 / 100 is then 0.185 again. */
        snprintf(number, sizeof number, "%.15g", share);
        snprintf(advice, sizeof advice, bare[0] ? "the fraction, %s" : "a fraction such as 0.18", number);
        refuse(complaint, text, "is a percentage", advice);
        return true;
    }
    if (text[0] == '(' && text[length - 1] == ')') {
        without(bare, text, "() ");
        snprintf(advice, sizeof advice, "a minus sign, -%s", bare[0] ? bare : "3.5");
        refuse(complaint, text, "is an accountant's negative in brackets", advice);
        return true;
    }
    if (strchr(text, ',') || strchr(text, '_') || (strchr(text, ' ') && isdigit((unsigned char)text[0]))) {
        const char *comma = strchr(text, ',');
        if (comma && !strchr(comma + 1, ',') && !strpbrk(text, "._ ") && strlen(comma + 1) != 3 &&
            digits_at(comma + 1) == strlen(comma + 1) && comma[1] != '\0') {
            snprintf(advice, sizeof advice, "a point, %.*s.%.40s", (int)(comma - text), text, comma + 1);
            refuse(complaint, text, "has a comma for its decimal point", advice);
            return true;
        }
        without(bare, text, ",_ ");
        snprintf(advice, sizeof advice, bare[0] ? "no separators, %s" : "digits and a point", bare);
        refuse(complaint, text, "has separators between its digits", advice);
        return true;
    }
    if (has_prefix(text, "£") || has_prefix(text, "$") || has_prefix(text, "€")) {
        const char *rest = text + strspn(text, "\xC2\xA3\xE2\x82\xAC$");
        snprintf(advice, sizeof advice, "the number alone, %.60s", number_length(rest) ? rest : "5.2");
        refuse(complaint, text, "has a currency sign", advice);
        return true;
    }
    return false;
}

/* A number that is wrong in itself. Always false. */
static bool wrong_number(const char *text, ltp_complaint *complaint) {
    char advice[160];
    const char *digits = text + (*text == '-' || *text == '+');
    const size_t whole = digits_at(digits);
    const char *sign = *text == '-' ? "-" : "";
    if (whole == 1 && digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X'))
        return refuse(complaint, text, "is not a decimal number", "decimal digits");
    if (*text == '+' && number_length(digits) == strlen(digits)) {
        snprintf(advice, sizeof advice, "no plus sign, %s", digits);
        return refuse(complaint, text, "has a plus sign", advice);
    }
    if (whole > 1 && digits[0] == '0') {
        const char *first = digits + strspn(digits, "0");
        snprintf(advice, sizeof advice, "no leading zero, %s%s%s", sign, isdigit((unsigned char)*first) ? "" : "0",
                 first);
        return refuse(complaint, text, "has a leading zero", advice);
    }
    if (whole == 0 && digits[0] == '.' && digits_at(digits + 1) > 0) {
        snprintf(advice, sizeof advice, "a digit before the point, %s0%s", sign, digits);
        return refuse(complaint, text, "starts with its point", advice);
    }
    if (whole > 0 && digits[whole] == '.' && digits[whole + 1] == '\0') {
        snprintf(advice, sizeof advice, "no point, %s%.*s", sign, (int)whole, digits);
        return refuse(complaint, text, "ends with its point", advice);
    }
    const size_t good = number_length(text);
    if (good > 0 && text[good] == '.')
        return refuse(complaint, text, "is not a number: it has two points", "one point at most");
    if (good > 0 && isalpha((unsigned char)text[good])) {
        snprintf(advice, sizeof advice, "the number alone, %.*s, in the column's unit", (int)good, text);
        return refuse(complaint, text, "has letters after its digits", advice);
    }
    return refuse(complaint, text, "is not a number", "a number such as 12.5");
}

/* Length checked, dress and form refused; true when `text` is one strict number from end to end. */
static bool strict(const char *text, ltp_complaint *complaint) {
    if (*text == '\0')
        return refuse(complaint, text, "is empty", "a number");
    if (strlen(text) > TEXT_MAX)
        return refuse(complaint, text, "is too long for a number", "at most 64 characters");
    if (number_length(text) == strlen(text))
        return true;
    return recognised_dress(text, complaint) ? false : wrong_number(text, complaint);
}

bool ltp_number_read(const char *text, double *number, ltp_complaint *complaint) {
    char *end;
    if (!strict(text, complaint))
        return false;
    errno = 0;
    const double value = number_in_c(text, &end);
    if (errno != 0 || *end != '\0' || !isfinite(value))
        return refuse(complaint, text, "is beyond the range of a double", "a magnitude from 1e-307 to 1e308, or 0");
    *number = value == 0.0 ? 0.0 : value; /* -0 is 0 */
    return true;
}

bool ltp_integer_read(const char *text, double *number, ltp_complaint *complaint) {
    double value;
    char advice[160];
    if (!ltp_number_read(text, &value, complaint))
        return false;
    if (fabs(value) > 9007199254740992.0)
        return refuse(complaint, text, "is too large for a count", "at most 9007199254740992");
    const char *digits = text + (*text == '-');
    if (digits_at(digits) != strlen(digits)) {
        if (value != trunc(value))
            return refuse(complaint, text, "is not a whole number", "a whole number");
        snprintf(advice, sizeof advice, "plain digits, %.0f", value);
        return refuse(complaint, text, "is not written as a whole number", advice);
    }
    *number = value;
    return true;
}

bool ltp_count_read(const char *text, uint64_t *number, ltp_complaint *complaint) {
    double value;
    const size_t length = strlen(text);
    if (length > 15 && digits_at(text) == length && length <= TEXT_MAX && text[0] != '0') {
        /* Beyond what a double holds exactly. */
        errno = 0;
        const unsigned long long exact = strtoull(text, NULL, 10);
        if (errno != 0 || exact > INT64_MAX)
            return refuse(complaint, text, "is too large", "at most 9223372036854775807");
        *number = exact;
        return true;
    }
    if (!ltp_integer_read(text, &value, complaint))
        return false;
    if (value < 0.0)
        return refuse(complaint, text, "is negative", "a whole number of at least 0");
    *number = (uint64_t)value;
    return true;
}

#define YEAR_FIRST 1990
#define YEAR_LAST 2209

bool ltp_financial_year_read(const char *text, int *first, ltp_complaint *complaint) {
    char advice[160] = "a financial year such as 2019/20";
    const size_t whole = digits_at(text);
    const char mark = text[whole];
    const int year = whole == 4 ? (int)strtol(text, NULL, 10) : 0;
    const bool plausible = year >= YEAR_FIRST && year <= YEAR_LAST;
    if (plausible)
        snprintf(advice, sizeof advice, "%d/%02d", year, (year + 1) % 100);
    if (!plausible || strlen(text) > 9 || (mark != '\0' && mark != '/' && mark != '-'))
        return refuse(complaint, text,
                      whole == 4 && !plausible ? "is no year from 1990/91 to 2209/10" : "is not a financial year",
                      advice);
    if (mark == '\0')
        return refuse(complaint, text, "is not a financial year", advice);
    const char *second = text + 5;
    if (mark != '/' || digits_at(second) != 2 || second[2] != '\0')
        return refuse(complaint, text, "is not written as a financial year", advice);
    if ((int)strtol(second, NULL, 10) != (year + 1) % 100)
        return refuse(complaint, text, "does not end in the year after its first", advice);
    *first = year;
    return true;
}

static int days_of_month(int year, int month) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

bool ltp_date_read(const char *text, int *year, int *month, int *day, ltp_complaint *complaint) {
    char advice[160];
    int a, b, c, used = 0;
    if (strlen(text) == 10 && (text[2] == '/' || text[2] == '.' || text[2] == '-') && text[5] == text[2] &&
        sscanf(text, "%2d%*1[/.-]%2d%*1[/.-]%4d%n", &a, &b, &c, &used) == 3 && used == 10 && b >= 1 && b <= 12) {
        snprintf(advice, sizeof advice, "year-month-day, %04d-%02d-%02d", c, b, a);
        return refuse(complaint, text, "is not written as a date", advice);
    }
    if (strlen(text) != 10 || digits_at(text) != 4 || text[4] != '-' || digits_at(text + 5) != 2 || text[7] != '-' ||
        digits_at(text + 8) != 2)
        return refuse(complaint, text, "is not a date", "a date such as 2019-04-01");
    a = (int)strtol(text, NULL, 10);
    b = (int)strtol(text + 5, NULL, 10);
    c = (int)strtol(text + 8, NULL, 10);
    if (a < YEAR_FIRST || a > YEAR_LAST || b < 1 || b > 12 || c < 1 || c > days_of_month(a, b))
        return refuse(complaint, text, "is no day of the calendar", "a date from 1990-01-01 to 2209-12-31");
    *year = a;
    *month = b;
    *day = c;
    return true;
}
