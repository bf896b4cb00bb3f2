/* The result file: equal bytes for equal runs, all or nothing, told in one sentence, verified by its hash.
 * With arguments: test_store --write FILE [SEED [BLOCKS]] makes a synthetic result for the tests of its readers. */
#include "tests/support/test.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "results/read.h"
#include "results/store.h"
#include "results/store_digest.h"
#include "tests/support/synthetic.h"

static char folder[] = "/tmp/ltp_store_XXXXXX";
static ltp_error error;

static const char *in_folder(const char *name) {
    static char path[4][300];
    static int turn;
    turn = (turn + 1) % 4;
    snprintf(path[turn], sizeof path[turn], "%s/%s", folder, name);
    return path[turn];
}

static size_t entries(const char *path) {
    size_t count = 0;
    DIR *list = opendir(path);
    assert_non_null(list);
    for (struct dirent *e; (e = readdir(list));)
        count += e->d_name[0] != '.';
    closedir(list);
    return count;
}

static unsigned char *slurp(const char *path, size_t *size) {
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    fseek(f, 0, SEEK_END);
    *size = (size_t)ftell(f);
    rewind(f);
    unsigned char *bytes = malloc(*size);
    assert_int_equal(fread(bytes, 1, *size, f), *size);
    fclose(f);
    return bytes;
}

static void spill(const char *path, const unsigned char *bytes, size_t size) {
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, size, f), size);
    fclose(f);
}

static void write_result(const char *path, uint64_t seed, const char *tag) {
    if (synthetic_result(path, seed, 24, tag, &error))
        fail_msg("%s", error.message);
}

static int set_up(void **state) {
    (void)state;
    if (!mkdtemp(folder))
        return 1;
    write_result(in_folder("a.h5"), 7, "one");
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    char command[400];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

/* The processor's SHA-256 is libmd's, for every length around its blocks and however the data are cut. */
static void test_digest(void **state) {
    (void)state;
    static uint8_t data[3000];
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i * 131 + i / 7);
    for (size_t length = 0; length < sizeof data; length += length < 700 ? 1 : 97)
        for (size_t cut = 0; cut <= length; cut += 61) {
            uint8_t ours[SHA256_DIGEST_LENGTH], theirs[SHA256_DIGEST_LENGTH];
            SHA2_CTX one, other;
            SHA256Init(&one);
            SHA256Init(&other);
            ltp_digest_update(&one, data, cut);
            ltp_digest_update(&one, data + cut, length - cut);
            SHA256Update(&other, data, length);
            SHA256Final(ours, &one);
            SHA256Final(theirs, &other);
            assert_memory_equal(ours, theirs, sizeof ours);
        }
}

static void test_equal_bytes(void **state) {
    (void)state;
    size_t a_size, b_size, c_size;
    write_result(in_folder("b.h5"), 7, "one");
    write_result(in_folder("c.h5"), 7, "another command, longer than before");
    unsigned char *a = slurp(in_folder("a.h5"), &a_size), *b = slurp(in_folder("b.h5"), &b_size);
    unsigned char *c = slurp(in_folder("c.h5"), &c_size);
    assert_true(a_size == b_size && a_size == c_size);
    assert_memory_equal(a, b, a_size);
    /* Another provenance: only the 256 bytes of that entry differ, and nothing behind them moves. */
    size_t first = a_size, last = 0;
    for (size_t i = 0; i < a_size; i++)
        if (a[i] != c[i]) {
            first = i < first ? i : first;
            last = i;
        }
    assert_true(first <= last && last - first < 256);
    free(a);
    free(b);
    free(c);
    ltp_result *one, *two;
    assert_int_equal(ltp_result_open(&one, in_folder("a.h5"), &error), LTP_OK);
    assert_int_equal(ltp_result_open(&two, in_folder("c.h5"), &error), LTP_OK);
    assert_string_equal(ltp_result_describe(one)->content_hash, ltp_result_describe(two)->content_hash);
    ltp_result_close(two);
    write_result(in_folder("d.h5"), 8, "one"); /* negative control: another seed, another hash */
    assert_int_equal(ltp_result_open(&two, in_folder("d.h5"), &error), LTP_OK);
    assert_string_not_equal(ltp_result_describe(one)->content_hash, ltp_result_describe(two)->content_hash);
    ltp_result_close(one);
    ltp_result_close(two);
    unlink(in_folder("b.h5"));
    unlink(in_folder("c.h5"));
    unlink(in_folder("d.h5"));
}

static void test_read(void **state) {
    (void)state;
    ltp_result *result;
    ltp_result_array mean, quantile;
    const char *const *label;
    size_t count;
    assert_int_equal(ltp_result_open(&result, in_folder("a.h5"), &error), LTP_OK);
    const ltp_result_about *about = ltp_result_describe(result);
    assert_int_equal(about->paths, 24 * 1024);
    assert_int_equal(about->seed, 7);
    assert_string_equal(about->title, "Synthetic — a test");
    assert_string_equal(about->base_year, "2018/19");
    assert_int_equal(ltp_result_labels(result, "organisation", "name", &count, &label, &error), LTP_OK);
    assert_int_equal(count, 8);
    assert_string_equal(label[6], "Ysbyty Ŵyn");
    assert_int_equal(ltp_result_read(result, "system", "gap_mean", &mean, &error), LTP_OK);
    assert_int_equal(mean.rank, 3);
    assert_string_equal(mean.axis[0], "layer");
    assert_string_equal(mean.axis[1], "code");
    assert_string_equal(mean.axis[2], "year");
    assert_string_equal(mean.units, "£m");
    /* S4 = C4 + T4: two of 100 + 5(1 + t) − (100 + t) − 2·layer. */
    for (int layer = 0; layer < 3; layer++)
        for (int t = 1; t <= 2; t++)
            assert_near(mean.value[(layer * 4 + 3) * 2 + t - 1], 2 * (5 + 4 * t - 2 * layer), 0.01);
    assert_int_equal(ltp_result_read(result, "region", "gap_quantile", &quantile, &error), LTP_OK);
    assert_int_equal(quantile.rank, 4);
    assert_string_equal(quantile.axis[1], "quantile");
    assert_int_equal(ltp_result_list(result, "england", "_mean", &count, &label, &error), LTP_OK);
    assert_int_equal(count, 28); /* two of them per head; what nobody has is not there */
    assert_int_equal(ltp_result_read(result, "system", "gpa_mean", &mean, &error), LTP_ERROR_RESULT);
    assert_int_equal(ltp_result_read(result, "nowhere", "gap_mean", &mean, &error), LTP_ERROR_RESULT);
    ltp_result_close(result);
}

static void test_verify(void **state) {
    (void)state;
    size_t size;
    assert_int_equal(ltp_result_verify(in_folder("a.h5"), &error), LTP_OK);
    unsigned char *bytes = slurp(in_folder("a.h5"), &size);
    /* One bit anywhere in the file: never a crash; unless in provenance or in slack it is found. Every 190,027th byte.
     */
    size_t tried = 0, found = 0;
    for (size_t at = 100; at < size; at += 190027, tried++) {
        bytes[at] ^= 0x10;
        spill(in_folder("bad.h5"), bytes, size);
        bytes[at] ^= 0x10;
        found += ltp_result_verify(in_folder("bad.h5"), &error) == LTP_ERROR_RESULT;
    }
    assert_true(tried > 40);
    assert_true(found > tried / 2); /* most of the file is samples and statistics */
    /* Half a file, an empty file, another kind, a newer version. */
    spill(in_folder("bad.h5"), bytes, size / 2);
    assert_int_equal(ltp_result_verify(in_folder("bad.h5"), &error), LTP_ERROR_RESULT);
    spill(in_folder("bad.h5"), bytes, 0);
    assert_int_equal(ltp_result_verify(in_folder("bad.h5"), &error), LTP_ERROR_RESULT);
    free(bytes);
    spill(in_folder("bad.h5"), (const unsigned char *)"code,name\n", 10);
    assert_int_equal(ltp_result_verify(in_folder("bad.h5"), &error), LTP_ERROR_RESULT);
    assert_non_null(strstr(error.message, "bad.h5"));
    unlink(in_folder("bad.h5"));
    assert_int_equal(ltp_result_verify(in_folder("bad.h5"), &error), LTP_ERROR_RESULT);
    assert_int_equal(ltp_result_verify(folder, &error), LTP_ERROR_RESULT);
}

static void test_probe(void **state) {
    (void)state;
    struct stat about;
    assert_int_equal(ltp_store_probe(in_folder("new.h5"), 1000, &error), LTP_OK);
    assert_int_equal(ltp_store_probe(in_folder("a.h5"), 1000, &error), LTP_OK);
    assert_int_equal(ltp_store_probe(in_folder("none/new.h5"), 0, &error), LTP_ERROR_IO);
    assert_non_null(strstr(error.message, "none"));
    assert_int_equal(ltp_store_probe(folder, 0, &error), LTP_ERROR_IO);
    assert_int_equal(ltp_store_probe(in_folder("a.h5/new.h5"), 0, &error), LTP_ERROR_IO);
    assert_int_equal(ltp_store_probe(in_folder("new/"), 0, &error), LTP_ERROR_IO);
    assert_int_equal(ltp_store_probe("/dev/full", 0, &error), LTP_ERROR_IO);
    assert_int_equal(ltp_store_probe("", 0, &error), LTP_ERROR_IO);
    assert_int_equal(ltp_store_probe(in_folder("new.h5"), UINT64_C(1) << 62, &error), LTP_ERROR_IO);
    assert_non_null(strstr(error.message, "MB"));
    if (geteuid() != 0) { /* root may write anywhere */
        assert_int_equal(chmod(in_folder("a.h5"), 0444), 0);
        assert_int_equal(ltp_store_probe(in_folder("a.h5"), 0, &error), LTP_ERROR_IO);
        assert_int_equal(chmod(in_folder("a.h5"), 0644), 0);
        assert_int_equal(ltp_store_probe("/proc/new.h5", 0, &error), LTP_ERROR_IO);
    }
    assert_int_equal(stat(in_folder("a.h5"), &about), 0); /* the probe touched nothing */
    assert_int_equal(entries(folder), 1);
}

/* A disk that is full after `limit` bytes, made of a limit on file size: in a child, so that it can be lifted. */
static int write_limited(const char *path, rlim_t limit) {
    const pid_t child = fork();
    if (child == 0) {
        signal(SIGXFSZ, SIG_IGN);
        const struct rlimit rule = {limit, limit};
        setrlimit(RLIMIT_FSIZE, &rule);
        ltp_error own = {0};
        const ltp_status status = synthetic_result(path, 9, 24, "full", &own);
        const bool named = strstr(own.message, path) && strstr(own.message, "cannot write");
        _exit(status == LTP_ERROR_IO && named ? 1 : status == LTP_OK ? 0 : 2);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void test_disk_full(void **state) {
    (void)state;
    size_t before, after;
    unsigned char *old = slurp(in_folder("a.h5"), &before);
    /* In the header, in the samples, in the statistics, near the end. */
    const double share[] = {0.0001, 0.1, 0.5, 0.9, 0.999};
    for (size_t i = 0; i < sizeof share / sizeof *share; i++) {
        assert_int_equal(write_limited(in_folder("a.h5"), (rlim_t)(share[i] * (double)before)), 1);
        assert_int_equal(entries(folder), 1); /* no temporary file is left */
        unsigned char *now = slurp(in_folder("a.h5"), &after);
        assert_int_equal(after, before);
        assert_memory_equal(now, old, before); /* and the old result is as it was */
        free(now);
    }
    assert_int_equal(write_limited(in_folder("e.h5"), (rlim_t)(2 * before)), 0); /* negative control: room enough */
    unlink(in_folder("e.h5"));
    free(old);
}

static void test_killed(void **state) {
    (void)state;
    /* A process killed at any moment leaves the old file, never half of a new one, under the name. */
    size_t size;
    unsigned char *old = slurp(in_folder("a.h5"), &size);
    for (int wait = 5; wait < 300; wait += 60) {
        const pid_t child = fork();
        if (child == 0) {
            ltp_error own;
            synthetic_result(in_folder("a.h5"), 7, 24, "one", &own);
            _exit(0);
        }
        usleep((useconds_t)wait * 1000);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        assert_int_equal(ltp_result_verify(in_folder("a.h5"), &error), LTP_OK);
        size_t now_size;
        unsigned char *now = slurp(in_folder("a.h5"), &now_size);
        assert_int_equal(now_size, size);
        assert_memory_equal(now, old, size);
        free(now);
    }
    free(old);
    char command[400]; /* the temporary files of killed processes */
    snprintf(command, sizeof command, "rm -f '%s'/*.tmp.*", folder);
    assert_int_equal(system(command), 0);
}

static void test_samples_in_order(void **state) {
    (void)state;
    ltp_collector *collector;
    synthetic *plan;
    ltp_store *store;
    static const char *const keep[] = {"system.gap"};
    static float sample[3 * 4 * 2 * LTP_BLOCK];
    assert_int_equal(synthetic_create(&plan, 1, &error), LTP_OK);
    const ltp_collector_option option = {.roster = synthetic_roster(plan), .keep_count = 1, .keep = keep};
    const ltp_store_option where = {.path = in_folder("f.h5"),
                                    .base_year = "2018/19",
                                    .paths = 2 * LTP_BLOCK,
                                    .sampling = "lhs",
                                    .roster = synthetic_roster(plan)};
    assert_int_equal(ltp_collector_create(&collector, &option, &error), LTP_OK);
    assert_int_equal(ltp_store_create(&store, &where, collector, &error), LTP_OK);
    const size_t length = sizeof sample / sizeof *sample;
    assert_int_equal(ltp_store_samples(store, 1, 0, sample, length, &error), LTP_ERROR_IO);
    assert_int_equal(ltp_store_samples(store, 0, 0, sample, length, &error), LTP_OK);
    assert_int_equal(ltp_store_samples(store, 1, 0, sample, length, &error), LTP_OK);
    assert_int_equal(ltp_store_samples(store, 2, 0, sample, length, &error), LTP_ERROR_IO); /* more than was said */
    ltp_store_abandon(store);
    assert_int_equal(entries(folder), 1);
    ltp_collector_destroy(collector);
    synthetic_destroy(plan);
}

int main(int argc, char **argv) {
    if (argc >= 3 && strcmp(argv[1], "--write") == 0) {
        const uint64_t seed = argc > 3 ? strtoull(argv[3], NULL, 10) : 7;
        const uint32_t blocks = argc > 4 ? (uint32_t)strtoul(argv[4], NULL, 10) : 24;
        const ltp_status status = synthetic_result(argv[2], seed, blocks, "test_store --write", &error);
        if (status)
            fprintf(stderr, "%s\n", error.message);
        return ltp_status_exit_code(status);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_probe),  cmocka_unit_test(test_digest),           cmocka_unit_test(test_equal_bytes),
        cmocka_unit_test(test_read),   cmocka_unit_test(test_verify),           cmocka_unit_test(test_disk_full),
        cmocka_unit_test(test_killed), cmocka_unit_test(test_samples_in_order),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
