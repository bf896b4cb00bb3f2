/* Counter layout. One draw's random bits are Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011, "Parallel random
 * numbers: as easy as 1, 2, 3", SC'11; Random123) of
 *
 *   key      mix(mix(mix(seed) ^ stream) ^ member), low word first
 *   counter  { index, block, year, n }
 *
 *   index    0 … 255         word j of the counter is the jitter of stratum 256·j + index (Latin hypercube), or
 *                            the upper 32 bits of path 256·j + index (plain)
 *            256 … 511       the same, for the lower 20 bits of a plain draw
 *            0x10000         (m, a) of the six rounds of the permutation
 *            0x20000 + path  sub-draw n of one path; n is 0 for all the others
 *
 * Under one key no two (year, block, index, n) share a counter. mix is a bijection of 64 bits, so keys that differ
 * in one of seed, stream and member always differ; those that differ in several do but for a 64-bit collision
 * (40,000 pairs of driver and member: 4e-11).
 *
 * Permutation: a keyed bijection of [0,1024), six rounds of x ← (m·x + a) mod 1024, m odd; x ← x ^ (x >> 5); each
 * round takes 20 bits of one Philox call. Each step can be undone, so every stratum is used once in a block. Four
 * rounds fail the difference tests of tests/stat/test_permutation.c, six pass. */
#include "sim/core/draw.h"

#include <Random123/philox.h>
#include <assert.h>
#include <string.h>

#include "sim/core/normal.h"

#define INLINE static inline __attribute__((always_inline))

#define WORDS_HIGH UINT32_C(0)
#define WORDS_LOW UINT32_C(256)
#define WORDS_PERMUTATION UINT32_C(0x10000)
#define WORDS_PATH UINT32_C(0x20000)

#define COUNTERS (LTP_BLOCK / 4) /* Philox calls for one word a lane */
#define ROUNDS 6                 /* of the permutation: 6 × 20 bits of 128 */

_Static_assert(LTP_BLOCK == 1024, "the permutation and the strata are made for blocks of 1,024");

/* The finaliser of SplitMix64 (Steele, Lea, Flood 2014, OOPSLA, p. 459, variant 13 of Stafford): a bijection. */
static uint64_t mix(uint64_t x) {
    x += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return x ^ (x >> 31);
}

/* FNV-1a (Fowler, Noll, Vo), of the text without its NUL. */
static uint64_t fnv1a(uint64_t hash, const char *text) {
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001B3);
    return hash;
}

uint64_t ltp_hash_name(const char *domain, const char *name) {
    uint64_t hash = fnv1a(UINT64_C(0xCBF29CE484222325), domain);
    hash *= UINT64_C(0x100000001B3); /* a zero byte between the two: ("ab","c") is not ("a","bc") */
    hash = mix(fnv1a(hash, name));
    return hash ? hash : 1;
}

/* --- Philox ----------------------------------------------------------------------------------------------------- */

void ltp_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]) {
    const philox4x32_ctr_t c = {{counter[0], counter[1], counter[2], counter[3]}};
    const philox4x32_key_t k = {{key[0], key[1]}};
    const philox4x32_ctr_t r = philox4x32_R(10, c, k);
    memcpy(out, r.v, sizeof r.v);
}

static uint64_t philox_key(const ltp_draw_key *key) {
    return mix(mix(mix(key->seed) ^ key->stream) ^ key->member);
}

static void philox_one(const ltp_draw_key *key, uint32_t index, uint32_t n, uint32_t out[4]) {
    const uint64_t k = philox_key(key);
    ltp_philox((const uint32_t[4]){index, key->block, key->year, n}, (const uint32_t[2]){(uint32_t)k, k >> 32}, out);
}

/* One word a lane: word j of counter {first + i, block, year, 0} is words[256·j + i]. Random123's rounds, over all
 * counters at once and in place: the compiler then works on whole vectors, and the result is ltp_philox's. */
LTP_HOT static void philox_words(uint32_t first, uint32_t block, uint32_t year, uint64_t key,
                                 uint32_t *restrict words) {
    uint32_t *w0 = words, *w1 = words + COUNTERS, *w2 = words + 2 * COUNTERS, *w3 = words + 3 * COUNTERS;
    philox4x32_key_t k = {{(uint32_t)key, (uint32_t)(key >> 32)}};
    for (uint32_t i = 0; i < COUNTERS; i++) {
        w0[i] = first + i;
        w1[i] = block;
        w2[i] = year;
        w3[i] = 0;
    }
    for (int round = 0; round < PHILOX4x32_DEFAULT_ROUNDS; round++) {
        if (round > 0)
            k = _philox4x32bumpkey(k);
#pragma GCC ivdep
        for (uint32_t i = 0; i < COUNTERS; i++) {
            const philox4x32_ctr_t c = {{w0[i], w1[i], w2[i], w3[i]}};
            const philox4x32_ctr_t r = _philox4x32round(c, k);
            w0[i] = r.v[0];
            w1[i] = r.v[1];
            w2[i] = r.v[2];
            w3[i] = r.v[3];
        }
    }
}

/* --- the permutation -------------------------------------------------------------------------------------------- */

/* Round by round over all lanes, not lane by lane over the rounds: the lanes do not wait for each other. */
LTP_HOT static void permute(const uint16_t *restrict m, const uint16_t *restrict a, int rounds,
                            uint16_t *restrict permutation) {
    for (int i = 0; i < LTP_BLOCK; i++)
        permutation[i] = (uint16_t)i;
    for (int r = 0; r < rounds; r++) {
        const uint16_t factor = m[r], term = a[r];
        for (int i = 0; i < LTP_BLOCK; i++) {
            const uint16_t x = (uint16_t)(permutation[i] * factor + term) & (LTP_BLOCK - 1);
            permutation[i] = x ^ (uint16_t)(x >> 5);
        }
    }
}

void ltp_draw_permutation(const ltp_draw_key *key, int rounds, uint16_t permutation[LTP_BLOCK]) {
    assert(rounds >= 0 && rounds <= ROUNDS);
    uint32_t word[4];
    uint16_t m[ROUNDS], a[ROUNDS];
    philox_one(key, WORDS_PERMUTATION, 0, word);
    const uint64_t half[2] = {(uint64_t)word[0] << 32 | word[1], (uint64_t)word[2] << 32 | word[3]};
    for (int r = 0; r < ROUNDS; r++) { /* three rounds a half, 20 bits each: ten of m, made odd, then ten of a */
        const uint64_t bits = half[r / 3] >> (20 * (r % 3));
        m[r] = (bits & 1023) | 1;
        a[r] = bits >> 10 & 1023;
    }
    permute(m, a, rounds, permutation);
}

/* --- uniforms and normals --------------------------------------------------------------------------------------- */

/* 52 bits, upper 32 and lower 20: (n + 1/2)·2⁻⁵² exactly, so never 0 nor 1, and u and 1 − u are alike. */
INLINE double plain_unit(uint32_t high, uint32_t low) {
    const uint64_t bits = UINT64_C(0x3FF0000000000000) | (uint64_t)high << 20 | low >> 12;
    double x;
    memcpy(&x, &bits, sizeof x);
    return x - (1.0 - 0x1p-53);
}

LTP_HOT static void plain_uniforms(const uint32_t *restrict high, const uint32_t *restrict low, double *restrict u) {
    for (int i = 0; i < LTP_BLOCK; i++)
        u[i] = plain_unit(high[i], low[i]);
}

/* (k + (w_k + 1/2)·2⁻³²)/1024 exactly: k and w_k put under the exponent of 2^10, whose last place is 2⁻⁴². */
LTP_HOT static void stratified_uniforms(const uint32_t *restrict jitter, double *restrict u) {
    for (uint32_t k = 0; k < LTP_BLOCK; k++) {
        const uint64_t bits = UINT64_C(0x4090000000000000) | (uint64_t)k << 32 | jitter[k];
        double x;
        memcpy(&x, &bits, sizeof x);
        u[k] = x - (0x1p10 - 0x1p-43);
    }
}

/* out[i] = in[permutation[i]]: from order of stratum to order of path. */
LTP_HOT static void gather(const double *restrict in, const uint16_t *restrict permutation, double *restrict out) {
    for (int i = 0; i < LTP_BLOCK; i++)
        out[i] = in[permutation[i]];
}

typedef struct {
    uint32_t word[LTP_BLOCK] __attribute__((aligned(64)));
    double value[LTP_BLOCK] __attribute__((aligned(64)));
    uint16_t permutation[LTP_BLOCK] __attribute__((aligned(64)));
} scratch;

static void draw_plain_uniforms(const ltp_draw_key *key, scratch *s, double *restrict u) {
    uint32_t low[LTP_BLOCK] __attribute__((aligned(64)));
    const uint64_t k = philox_key(key);
    philox_words(WORDS_HIGH, key->block, key->year, k, s->word);
    philox_words(WORDS_LOW, key->block, key->year, k, low);
    plain_uniforms(s->word, low, u);
}

void ltp_draw_normal(const ltp_draw_key *key, ltp_sampling sampling, double *restrict z) {
    scratch s;
    assert(sampling != LTP_SAMPLING_EXPECTED);
    if (sampling == LTP_SAMPLING_RANDOM) {
        draw_plain_uniforms(key, &s, s.value);
        ltp_normal_plain(s.value, z);
        return;
    }
    philox_words(WORDS_HIGH, key->block, key->year, philox_key(key), s.word);
    ltp_normal_stratified(s.word, s.value);
    ltp_draw_permutation(key, ROUNDS, s.permutation);
    gather(s.value, s.permutation, z);
}

void ltp_draw_uniform(const ltp_draw_key *key, ltp_sampling sampling, double *restrict u) {
    scratch s;
    assert(sampling != LTP_SAMPLING_EXPECTED);
    if (sampling == LTP_SAMPLING_RANDOM) {
        draw_plain_uniforms(key, &s, u);
        return;
    }
    philox_words(WORDS_HIGH, key->block, key->year, philox_key(key), s.word);
    stratified_uniforms(s.word, s.value);
    ltp_draw_permutation(key, ROUNDS, s.permutation);
    gather(s.value, s.permutation, u);
}

double ltp_draw_plain(const ltp_draw_key *key, uint32_t path, uint32_t n) {
    uint32_t word[4];
    assert(path < LTP_BLOCK);
    philox_one(key, WORDS_PATH + path, n, word);
    return plain_unit(word[0], word[1]);
}
