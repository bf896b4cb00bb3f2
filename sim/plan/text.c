#include "sim/plan/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK ((size_t)1 << 20)

size_t ltp_utf8_character(const char *text, size_t length, unsigned *code_point) {
    const unsigned char *byte = (const unsigned char *)text;
    size_t size;
    unsigned code, least;
    if (length == 0)
        return 0;
    if (byte[0] < 0x80) {
        *code_point = byte[0];
        return 1;
    }
    if (byte[0] >= 0xC2 && byte[0] <= 0xDF)
        size = 2, code = byte[0] & 0x1F, least = 0x80;
    else if (byte[0] >= 0xE0 && byte[0] <= 0xEF)
        size = 3, code = byte[0] & 0x0F, least = 0x800;
    else if (byte[0] >= 0xF0 && byte[0] <= 0xF4)
        size = 4, code = byte[0] & 0x07, least = 0x10000;
    else
        return 0;
    if (length < size)
        return 0;
    for (size_t i = 1; i < size; i++) {
        if ((byte[i] & 0xC0) != 0x80)
            return 0;
        code = code << 6 | (byte[i] & 0x3F);
    }
    if (code < least || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        return 0;
    *code_point = code;
    return size;
}

const char *ltp_text_excerpt(char buffer[LTP_EXCERPT], const char *text) {
    const size_t length = strlen(text);
    size_t used = 0, characters = 0;
    while (used < length && characters < 60) {
        unsigned code;
        const size_t size = ltp_utf8_character(text + used, length - used, &code);
        if (size == 0)
            break;
        /* A message is one line. */
        if (code == '\n' || code == '\r' || code == '\t')
            buffer[used] = ' ';
        else
            memcpy(buffer + used, text + used, size);
        used += size;
        characters++;
    }
    if (used < length)
        memcpy(buffer + used, "…", sizeof "…");
    else
        buffer[used] = '\0';
    return buffer;
}

static void complain_byte(ltp_problem_list *problems, ltp_position at, unsigned char byte) {
    ltp_problem_add(problems, LTP_SEVERITY_ERROR, at, NULL, "UTF-8 text", NULL,
                    "the byte 0x%02X is not valid UTF-8 (save the file as “CSV UTF-8”)", byte);
}

static void complain_control(ltp_problem_list *problems, ltp_position at, unsigned code) {
    if (code == '\r')
        ltp_problem_add(problems, LTP_SEVERITY_ERROR, at, NULL, "lines that end with LF or CR LF", NULL,
                        "a carriage return stands without a line feed");
    else
        ltp_problem_add(problems, LTP_SEVERITY_ERROR, at, NULL, "text without control characters", NULL,
                        "the control character U+%04X", code);
}

bool ltp_text_check(const char *text, size_t length, const char *display, ltp_problem_list *problems) {
    ltp_position at = {display, 1, 1};
    size_t line_start = 0;
    for (size_t i = 0; i < length;) {
        unsigned code;
        const size_t size = ltp_utf8_character(text + i, length - i, &code);
        if (size == 0) {
            complain_byte(problems, at, (unsigned char)text[i]);
            return false;
        }
        const bool line_end = code == '\n' || (code == '\r' && i + 1 < length && text[i + 1] == '\n');
        if ((code < 0x20 && code != '\t' && !line_end) || (code >= 0x7F && code <= 0x9F)) {
            complain_control(problems, at, code);
            return false;
        }
        i += size;
        at.column++;
        if (code == '\n') {
            at.line++;
            at.column = 1;
            line_start = i;
        } else if (i - line_start > LTP_TEXT_LINE_MAX) {
            ltp_problem_add(problems, LTP_SEVERITY_ERROR, (ltp_position){display, at.line, 0}, NULL, NULL, NULL,
                            "the line is longer than %zu bytes", LTP_TEXT_LINE_MAX);
            return false;
        }
    }
    return true;
}

/* Opens `path` below `folder` part by part, following no link. −1 with errno. */
static int open_below(int folder, const char *path) {
    const char *part = path;
    int here = folder;
    for (;;) {
        char name[256];
        const size_t length = strcspn(part, "/");
        const bool last = part[length] == '\0';
        if (length == 0 || length >= sizeof name || (length <= 2 && strspn(part, ".") >= length)) {
            if (here != folder)
                close(here);
            errno = EINVAL;
            return -1;
        }
        memcpy(name, part, length);
        name[length] = '\0';
        /* Non-blocking, so that a pipe without a writer cannot hold us. */
        const int next = openat(here, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | (last ? 0 : O_DIRECTORY));
        const int why = errno;
        if (here != folder)
            close(here);
        if (next < 0) {
            errno = why;
            return -1;
        }
        if (last)
            return next;
        here = next;
        part += length + 1;
    }
}

static void complain_open(ltp_problem_list *problems, const char *display) {
    const ltp_position at = {display, 0, 0};
    if (errno == ENOENT)
        ltp_problem_add(problems, LTP_SEVERITY_ERROR, at, NULL, NULL, NULL, "there is no such file");
    else if (errno == ELOOP || errno == ENOTDIR)
        ltp_problem_add(problems, LTP_SEVERITY_ERROR, at, NULL, "a regular file inside the scenario's folder", NULL,
                        "a symbolic link is not followed");
    else if (errno == EINVAL)
        ltp_problem_add(problems, LTP_SEVERITY_ERROR, at, NULL, "a path inside the scenario's folder, without '..'",
                        NULL, "the path leaves the scenario's folder");
    else
        ltp_problem_add(problems, LTP_SEVERITY_ERROR, at, NULL, NULL, NULL, "cannot be opened: %s", strerror(errno));
}

/* A whole file into the pool, stopping at the first NUL so that a hole of gigabytes costs one chunk. */
static ltp_status read_whole(int file, size_t size, size_t limit, ltp_pool *pool, const char *display,
                             ltp_problem_list *problems, ltp_text *out, bool *found, ltp_error *error) {
    const ltp_position whole = {display, 0, 0};
    size_t capacity = size < CHUNK ? size + 1 : CHUNK, length = 0;
    char *bytes = NULL, *copy;
    ltp_status status = LTP_NEW(&bytes, capacity + 1, display, error);
    while (status == LTP_OK) {
        const ssize_t got = read(file, bytes + length, capacity - length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            ltp_problem_add(problems, LTP_SEVERITY_ERROR, whole, NULL, NULL, NULL, "cannot be read: %s",
                            strerror(errno));
            goto out;
        }
        if (got == 0)
            break;
        const bool nul = memchr(bytes + length, '\0', (size_t)got) != NULL;
        length += (size_t)got;
        if (length > limit) {
            ltp_problem_add(problems, LTP_SEVERITY_ERROR, whole, NULL, NULL, NULL, "the file is larger than %zu bytes",
                            limit);
            goto out;
        }
        if (nul)
            break; /* the check below says where */
        if (length == capacity) {
            const size_t larger = capacity < size && size < 2 * capacity ? size + 1 : 2 * capacity;
            status = ltp_reallocate((void **)&bytes, capacity + 1, larger + 1, 1, display, error);
            capacity = larger;
        }
    }
    if (status == LTP_OK)
        status = ltp_pool_text(pool, &copy, bytes, length, error);
    if (status == LTP_OK) {
        const size_t mark = length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
        *out = (ltp_text){copy, length, copy + mark, length - mark};
        if (length >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0))
            ltp_problem_add(problems, LTP_SEVERITY_ERROR, whole, NULL, "UTF-8 text", NULL,
                            "the file is UTF-16 (save it as “CSV UTF-8”)");
        else
            *found = ltp_text_check(out->text, out->text_length, display, problems);
    }
out:
    ltp_free(bytes);
    return status;
}

ltp_status ltp_text_read(int folder, const char *path, const char *display, size_t limit, bool required, ltp_pool *pool,
                         ltp_problem_list *problems, ltp_text *out, bool *found, ltp_error *error) {
    const ltp_position at = {display, 0, 0};
    struct stat about;
    ltp_status status = LTP_OK;
    *found = false;
    const int file = open_below(folder, path);
    if (file < 0) {
        if (required || errno != ENOENT)
            complain_open(problems, display);
        return LTP_OK;
    }
    if (fstat(file, &about) != 0 || !S_ISREG(about.st_mode))
        ltp_problem_add(problems, LTP_SEVERITY_ERROR, at, NULL, "a regular file", NULL, "is not a regular file");
    else if (about.st_size < 0 || (uintmax_t)about.st_size > limit)
        ltp_problem_add(problems, LTP_SEVERITY_ERROR, at, NULL, NULL, NULL,
                        "the file has %jd bytes; at most %zu are read", (intmax_t)about.st_size, limit);
    else
        status = read_whole(file, (size_t)about.st_size, limit, pool, display, problems, out, found, error);
    close(file);
    return status;
}
