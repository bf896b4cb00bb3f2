/* A blank scenario: every table with its header and one commented example. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/plan/scenario.h"

static const char settings[] = "# The settings of a scenario. scenarios/FORMAT.md says what each means.\n"
                               "title: \"\"            # one line that says what the scenario is\n"
                               "description: >\n"
                               "  A paragraph for those who open it next year.\n"
                               "base_year: 2018/19   # the year of flows.csv\n"
                               "years: 5\n"
                               "seed: 20190627\n"
                               "paths: 102400\n";

/* Columns for the first years or numbers of a group in a blank table. */
static int blank_columns(const ltp_column_schema *column) {
    return column->group == LTP_GROUP_YEAR ? 5 : column->group == LTP_GROUP_NUMBER ? 3 : 1;
}

static void write_name(FILE *to, const ltp_column_schema *column, int i) {
    if (column->group == LTP_GROUP_YEAR)
        fprintf(to, "%s%d/%02d", column->name, 2019 + i, (2020 + i) % 100);
    else if (column->group == LTP_GROUP_NUMBER)
        fprintf(to, "%s%d", column->name, i + 1);
    else
        fputs(column->name, to);
}

static void write_example(FILE *to, const char *text) {
    const bool quoted = strpbrk(text, ",\"") != NULL;
    fprintf(to, quoted ? "\"%s\"" : "%s", text);
}

static void write_table(FILE *to, const ltp_table_schema *table) {
    for (int row = 0; row < 2; row++) {
        const char *separator = row == 0 ? "" : "# ";
        for (int c = 0; c < table->column_count; c++)
            for (int i = 0; i < blank_columns(&table->column[c]); i++) {
                fputs(separator, to);
                separator = ",";
                if (row == 0)
                    write_name(to, &table->column[c], i);
                else
                    write_example(to, table->column[c].example);
            }
        fputc('\n', to);
    }
}

/* table NULL: scenario.yaml. */
static ltp_status write_file(int folder, const char *folder_name, const ltp_table_schema *table, ltp_error *error) {
    char name[64];
    snprintf(name, sizeof name, table ? "%s.csv" : "scenario.yaml", table ? table->name : "");
    const int file = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    FILE *to = file >= 0 ? fdopen(file, "w") : NULL;
    if (!to) {
        const int why = errno;
        if (file >= 0)
            close(file);
        return ltp_error_set(error, LTP_ERROR_IO, "%s/%s cannot be made: %s", folder_name, name, strerror(why));
    }
    if (table)
        write_table(to, table);
    else
        fputs(settings, to);
    const bool written = !ferror(to);
    if (fclose(to) != 0 || !written)
        return ltp_error_set(error, LTP_ERROR_IO, "%s/%s cannot be written: %s", folder_name, name, strerror(errno));
    return LTP_OK;
}

static ltp_status check_empty(int folder, const char *name, ltp_error *error) {
    const int copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *list = copy >= 0 ? fdopendir(copy) : NULL;
    ltp_status status = LTP_OK;
    if (!list) {
        if (copy >= 0)
            close(copy);
        return ltp_error_set(error, LTP_ERROR_IO, "the folder %s cannot be listed: %s", name, strerror(errno));
    }
    for (const struct dirent *entry = readdir(list); entry && status == LTP_OK; entry = readdir(list))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            status = ltp_error_set(error, LTP_ERROR_USAGE,
                                   "the folder %s is not empty (it holds %s); name a new or an empty one", name,
                                   entry->d_name);
    closedir(list);
    return status;
}

ltp_status ltp_scenario_init(const char *folder, ltp_error *error) {
    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        return ltp_error_set(error, LTP_ERROR_IO, "the folder %s cannot be made: %s", folder, strerror(errno));
    const int opened = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (opened < 0)
        return errno == ENOTDIR
                   ? ltp_error_set(error, LTP_ERROR_USAGE, "%s is a file; name a new or an empty folder", folder)
                   : ltp_error_set(error, LTP_ERROR_IO, "the folder %s cannot be opened: %s", folder, strerror(errno));
    ltp_status status = check_empty(opened, folder, error);
    if (status == LTP_OK)
        status = write_file(opened, folder, NULL, error);
    for (int id = 0; id < LTP_TABLE_COUNT && status == LTP_OK; id++)
        status = write_file(opened, folder, ltp_schema_table((ltp_table_id)id), error);
    close(opened);
    return status;
}
