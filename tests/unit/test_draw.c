/* Known answers and promises of the draws that hold exactly. What holds in distribution is in tests/stat. */
#include "sim/core/draw.h"

#include <Random123/philox.h>
#include <stdbool.h>
#include <stdlib.h>

#include "sim/core/normal.h"
#include "tests/support/test.h"

#define ROW __attribute__((aligned(64)))

static const ltp_draw_key base = {2019, UINT64_C(0x9027E9451D34C201), UINT64_C(0xA3B17003F5916B89), 1, 0};

/* Vectors of Random123's tests/kat_vectors (counter, key, output), lines "philox4x32 10". */
static void philox_gives_the_published_vectors(void **state) {
    (void)state;
    static const uint32_t vector[3][10] = {
        {0, 0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
        {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x408f276d, 0x41c83b0e, 0xa20bc7c6,
         0x6d5451fd},
        {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, 0xd16cfe09, 0x94fdcceb, 0x5001e420,
         0x24126ea1},
    };
    uint32_t out[4];
    for (int i = 0; i < 3; i++) {
        ltp_philox(vector[i], vector[i] + 4, out);
        assert_memory_equal(out, vector[i] + 6, sizeof out);
    }
    /* negative control: seven rounds, which Random123 publishes too, give others */
    const philox4x32_ctr_t seven = philox4x32_R(7, (philox4x32_ctr_t){{0}}, (philox4x32_key_t){{0}});
    assert_memory_not_equal(seven.v, vector[0] + 6, sizeof out);
}

/* Made by an independent program (FNV-1a, checked on its published vectors, then SplitMix64's finaliser). */
static void names_hash_to_the_same_for_ever(void **state) {
    (void)state;
    assert_true(ltp_hash_name("", "") == UINT64_C(0x71B8262BB6E2E086));
    assert_true(ltp_hash_name("driver", "price.pay") == UINT64_C(0x9027E9451D34C201));
    assert_true(ltp_hash_name("driver", "demand.nonelective") == UINT64_C(0xAD64B66A9928A9DB));
    assert_true(ltp_hash_name("organisation", "QOP") == UINT64_C(0xA3B17003F5916B89));
    assert_true(ltp_hash_name("event.start", "flu") == UINT64_C(0x9A4D9881DAFC8E8B));
    assert_true(ltp_hash_name("drive", "rprice.pay") == UINT64_C(0x3133B2C01D1B7A8C));
    assert_true(ltp_hash_name("driver", "ambulância £") == UINT64_C(0xFBC6881796B7C244));
}

static int by_hash(const void *a, const void *b) {
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* 200,000 names like those of a scenario: no hash twice (by chance: 1e-9) and none that means "national". */
static void names_do_not_collide(void **state) {
    (void)state;
    enum { COUNT = 200000 };
    static uint64_t hash[COUNT];
    static const char *const domain[] = {"driver", "organisation", "event.start", "event.severity"};
    for (int i = 0; i < COUNT; i++) {
        char name[16];
        snprintf(name, sizeof name, "R%05d", i / 4);
        hash[i] = ltp_hash_name(domain[i % 4], name);
    }
    qsort(hash, COUNT, sizeof hash[0], by_hash);
    assert_true(hash[0] != LTP_MEMBER_NATIONAL);
    for (int i = 1; i < COUNT; i++)
        assert_true(hash[i] != hash[i - 1]);
}

/* --- the layout that draw.c states, written down a second time, one value at a time ------------------------------ */

static uint64_t mix(uint64_t x) {
    x += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return x ^ (x >> 31);
}

static void philox_at(const ltp_draw_key *key, uint32_t index, uint32_t n, uint32_t out[4]) {
    const uint64_t k = mix(mix(mix(key->seed) ^ key->stream) ^ key->member);
    const uint32_t counter[4] = {index, key->block, key->year, n}, half[2] = {(uint32_t)k, (uint32_t)(k >> 32)};
    ltp_philox(counter, half, out);
}

static unsigned stratum_of(const ltp_draw_key *key, unsigned path) {
    uint32_t word[4];
    philox_at(key, 0x10000, 0, word);
    unsigned x = path;
    for (int round = 0; round < 6; round++) {
        const uint64_t half = (uint64_t)word[round / 3 * 2] << 32 | word[round / 3 * 2 + 1];
        const unsigned bits = half >> (20 * (round % 3)) & 0xFFFFF;
        x = (x * (bits % 1024 | 1) + bits / 1024) % 1024;
        x ^= x >> 5;
    }
    return x;
}

static double uniform_of(const ltp_draw_key *key, ltp_sampling sampling, unsigned path) {
    uint32_t high[4], low[4];
    if (sampling == LTP_SAMPLING_LHS) {
        const unsigned k = stratum_of(key, path);
        philox_at(key, k % 256, 0, high);
        return (k + (high[k / 256] + 0.5) / 4294967296.0) / 1024;
    }
    philox_at(key, path % 256, 0, high);
    philox_at(key, 256 + path % 256, 0, low);
    return ((double)((uint64_t)high[path / 256] << 20 | low[path / 256] >> 12) + 0.5) * 0x1p-52;
}

static const ltp_sampling both[] = {LTP_SAMPLING_LHS, LTP_SAMPLING_RANDOM};

static void draws_follow_the_stated_layout(void **state) {
    (void)state;
    double u[LTP_BLOCK] ROW, z[LTP_BLOCK] ROW;
    for (uint32_t n = 0; n < 20; n++) {
        const ltp_draw_key key = {n, mix(n), n % 3 ? mix(n + 7) : 0, n % 5 + 1, n == 19 ? LTP_BLOCK_PILOT : n * 17};
        for (int s = 0; s < 2; s++) {
            ltp_draw_uniform(&key, both[s], u);
            ltp_draw_normal(&key, both[s], z);
            for (unsigned i = 0; i < LTP_BLOCK; i++) {
                assert_true(u[i] == uniform_of(&key, both[s], i));
                assert_near(z[i], ltp_normal_quantile(u[i]), LTP_NORMAL_ERROR_INNER);
            }
        }
        uint32_t word[4];
        philox_at(&key, 0x20000 + 3 * n, n, word);
        assert_true(ltp_draw_plain(&key, 3 * n, n) ==
                    ((double)((uint64_t)word[0] << 20 | word[1] >> 12) + 0.5) * 0x1p-52);
    }
}

/* --- strata ------------------------------------------------------------------------------------------------------ */

/* Every one of the 1,024 strata exactly once. */
static bool each_stratum_once(const double *u) {
    unsigned char seen[LTP_BLOCK] = {0};
    for (int i = 0; i < LTP_BLOCK; i++) {
        if (!(u[i] > 0.0 && u[i] < 1.0))
            return false;
        seen[(int)(u[i] * LTP_BLOCK)]++;
    }
    for (int k = 0; k < LTP_BLOCK; k++)
        if (seen[k] != 1)
            return false;
    return true;
}

static void every_block_has_every_stratum_once(void **state) {
    (void)state;
    double u[LTP_BLOCK] ROW;
    int plain_ones = 0;
    for (uint32_t n = 0; n < 2000; n++) {
        const ltp_draw_key key = {n / 100, mix(n), mix(n / 3), n % 20 + 1, n % 7};
        ltp_draw_uniform(&key, LTP_SAMPLING_LHS, u);
        assert_true(each_stratum_once(u));
        ltp_draw_uniform(&key, LTP_SAMPLING_RANDOM, u); /* negative control: chance 1024!/1024^1024 < 1e-441 */
        plain_ones += each_stratum_once(u);
    }
    assert_int_equal(plain_ones, 0);
}

static void any_number_of_rounds_is_a_bijection(void **state) {
    (void)state;
    uint16_t permutation[LTP_BLOCK];
    for (uint32_t n = 0; n < 2000; n++) {
        const ltp_draw_key key = {n, 5, 6, 1, n % 9};
        unsigned char seen[LTP_BLOCK] = {0};
        ltp_draw_permutation(&key, (int)(n % 7), permutation);
        for (int i = 0; i < LTP_BLOCK; i++) {
            assert_in_range(permutation[i], 0, LTP_BLOCK - 1);
            assert_int_equal(seen[permutation[i]]++, 0);
        }
    }
}

/* --- purity ------------------------------------------------------------------------------------------------------ */

static void draws_depend_on_their_key_only(void **state) {
    (void)state;
    double first[LTP_BLOCK] ROW, between[LTP_BLOCK] ROW, again[LTP_BLOCK] ROW;
    for (int s = 0; s < 2; s++) {
        ltp_draw_key other = base;
        ltp_draw_normal(&base, both[s], first);
        for (other.block = 1; other.block < 50; other.block++)
            ltp_draw_normal(&other, both[s], between);
        const double plain = ltp_draw_plain(&base, 9, 2);
        ltp_draw_normal(&base, both[s], again);
        assert_memory_equal(first, again, sizeof first);
        assert_memory_not_equal(first, between, sizeof first);
        assert_true(plain == ltp_draw_plain(&base, 9, 2));
    }
}

static int equal_lanes(const double *a, const double *b) {
    int equal = 0;
    for (int i = 0; i < LTP_BLOCK; i++)
        equal += a[i] == b[i];
    return equal;
}

/* One bit of one part of the key changes every lane's value: that any lane agrees by chance has odds below 1e-8. */
static void every_part_of_the_key_matters(void **state) {
    (void)state;
    ltp_draw_key other[6] = {base, base, base, base, base, base};
    double a[LTP_BLOCK] ROW, b[LTP_BLOCK] ROW;
    other[0].seed ^= 1;
    other[1].stream ^= 1;
    other[2].member ^= 1;
    other[3].year ^= 1;
    other[4].block ^= 1;
    other[5].member = LTP_MEMBER_NATIONAL;
    for (int s = 0; s < 2; s++) {
        ltp_draw_normal(&base, both[s], a);
        for (int i = 0; i < 6; i++) {
            ltp_draw_normal(&other[i], both[s], b);
            assert_int_equal(equal_lanes(a, b), 0);
            assert_true(ltp_draw_plain(&base, 0, 0) != ltp_draw_plain(&other[i], 0, 0));
        }
        assert_int_equal(equal_lanes(a, a), LTP_BLOCK); /* negative control */
    }
    /* stream and member do not stand in for each other */
    const ltp_draw_key swapped = {base.seed, base.member, base.stream, base.year, base.block};
    ltp_draw_normal(&base, LTP_SAMPLING_LHS, a);
    ltp_draw_normal(&swapped, LTP_SAMPLING_LHS, b);
    assert_int_equal(equal_lanes(a, b), 0);
}

static void sub_draws_differ_by_path_and_number(void **state) {
    (void)state;
    enum { PATHS = LTP_BLOCK, NUMBERS = 20 };
    static uint64_t bits[PATHS * NUMBERS];
    for (uint32_t path = 0; path < PATHS; path++)
        for (uint32_t n = 0; n < NUMBERS; n++) {
            const double u = ltp_draw_plain(&base, path, n);
            assert_true(u > 0.0 && u < 1.0);
            memcpy(&bits[path * NUMBERS + n], &u, sizeof u);
        }
    qsort(bits, PATHS * NUMBERS, sizeof bits[0], by_hash);
    for (int i = 1; i < PATHS * NUMBERS; i++) /* by chance 5e-8 */
        assert_true(bits[i] != bits[i - 1]);
}

/* --- the same bits ----------------------------------------------------------------------------------------------- */

static uint64_t fold(uint64_t hash, const double *row) {
    for (int i = 0; i < LTP_BLOCK; i++) {
        uint64_t bits;
        memcpy(&bits, &row[i], sizeof bits);
        hash = (hash ^ bits) * UINT64_C(0x100000001B3);
        hash ^= hash >> 29;
    }
    return hash;
}

/* A million normals and uniforms each way. The answers come from a build for plain x86-64 with -DLTP_NO_CLONES; the
 * instruction set that this machine runs must give the same, as must any optimisation level. */
static void a_million_draws_have_the_known_bits(void **state) {
    (void)state;
    enum { BLOCKS = 977 };
    uint64_t hash[4] = {1, 1, 1, 1};
    double row[LTP_BLOCK] ROW;
    for (uint32_t b = 0; b < BLOCKS; b++) {
        const ltp_draw_key key = {base.seed, base.stream, base.member, b % 5 + 1, b};
        for (int s = 0; s < 2; s++) {
            ltp_draw_normal(&key, both[s], row);
            hash[s] = fold(hash[s], row);
            ltp_draw_uniform(&key, both[s], row);
            hash[2 + s] = fold(hash[2 + s], row);
        }
    }
    assert_true(hash[0] == UINT64_C(0xCBD9342614A5CE34));
    assert_true(hash[1] == UINT64_C(0x9A516DEAEFC999EC));
    assert_true(hash[2] == UINT64_C(0x4DC9821A0D0EDCB6));
    assert_true(hash[3] == UINT64_C(0x6BAA6D5BFEDF6ECB));
    const uint64_t before = fold(1, row); /* negative control: the last bit of one value */
    row[7] = nextafter(row[7], 2.0);
    assert_true(fold(1, row) != before);
}

/* The ends of the far tail, which a block meets once in 10^8: jitters 0 and 2^32 − 1 everywhere. */
static void extreme_jitters_stay_in_their_strata(void **state) {
    (void)state;
    uint32_t jitter[LTP_BLOCK] ROW;
    double low[LTP_BLOCK] ROW, high[LTP_BLOCK] ROW;
    memset(jitter, 0, sizeof jitter);
    ltp_normal_stratified(jitter, low);
    memset(jitter, 0xFF, sizeof jitter);
    ltp_normal_stratified(jitter, high);
    assert_true(low[0] == ltp_normal_quantile(0x1p-43));
    assert_true(high[LTP_BLOCK - 1] == ltp_normal_quantile(1 - 0x1p-43));
    for (int k = 0; k < LTP_BLOCK; k++) {
        assert_true(low[k] < high[k]);
        assert_near(low[k], -high[LTP_BLOCK - 1 - k], 2 * LTP_NORMAL_ERROR_INNER);
        if (k > 0)
            assert_near(low[k], high[k - 1], 2 * LTP_NORMAL_ERROR_INNER + 1e-3 * fabs(low[k] - low[k - 1]));
    }
}

static void the_quantile_refuses_what_is_no_probability(void **state) {
    (void)state;
    static const double outside[] = {0.0, 1.0, -0.1, 1.5, -HUGE_VAL, HUGE_VAL};
    for (int i = 0; i < 6; i++)
        assert_true(isnan(ltp_normal_quantile(outside[i])));
    assert_true(isnan(ltp_normal_quantile((double)NAN)));
    assert_true(ltp_normal_quantile(0.5) == 0.0);
}

/* Runs first, so that the threads meet the table of cubics unmade. */
static void threads_agree_from_the_first_draw(void **state) {
    (void)state;
    enum { THREADS = 8 };
    static double z[THREADS][LTP_BLOCK] ROW;
#pragma omp parallel for num_threads(THREADS) schedule(static, 1)
    for (int thread = 0; thread < THREADS; thread++)
        ltp_draw_normal(&base, LTP_SAMPLING_LHS, z[thread]);
    for (int thread = 1; thread < THREADS; thread++)
        assert_memory_equal(z[thread], z[0], sizeof z[0]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_agree_from_the_first_draw),
        cmocka_unit_test(philox_gives_the_published_vectors),
        cmocka_unit_test(names_hash_to_the_same_for_ever),
        cmocka_unit_test(names_do_not_collide),
        cmocka_unit_test(draws_follow_the_stated_layout),
        cmocka_unit_test(every_block_has_every_stratum_once),
        cmocka_unit_test(any_number_of_rounds_is_a_bijection),
        cmocka_unit_test(draws_depend_on_their_key_only),
        cmocka_unit_test(every_part_of_the_key_matters),
        cmocka_unit_test(sub_draws_differ_by_path_and_number),
        cmocka_unit_test(a_million_draws_have_the_known_bits),
        cmocka_unit_test(extreme_jitters_stay_in_their_strata),
        cmocka_unit_test(the_quantile_refuses_what_is_no_probability),
    };
    return cmocka_run_group_tests_name("draw", tests, NULL, NULL);
}
