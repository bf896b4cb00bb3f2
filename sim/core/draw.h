/* Draws: pure functions of (seed, stream, member, year, block, stratum).
 *
 * Generator: Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011, SC'11) from Random123.
 * A block is LTP_BLOCK = 1,024 paths and one Latin hypercube replicate (McKay, Beckman, Conover 1979): for each
 * scalar draw, path i has stratum k = perm(i) and u = (k + (w_k + 1/2)·2⁻³²)/1024, w_k the stratum's 32-bit jitter.
 * The counter layout and the keyed bijection are at the top of draw.c. */
#ifndef LTP_CORE_DRAW_H
#define LTP_CORE_DRAW_H

#include <stdint.h>

#include "sim/core/block.h"

typedef enum {
    LTP_SAMPLING_LHS = 0, /* stratified (default) */
    LTP_SAMPLING_RANDOM,  /* plain: same counters, u from Philox alone */
    LTP_SAMPLING_EXPECTED /* every driver at its mean, one path: no draw is made */
} ltp_sampling;

/* 64-bit hash of a name (stream: a driver's name; member: an organisation's or system's code). Stable for ever:
 * part of the result's promise. `domain` separates kinds of name ("driver", "event.start", …). */
uint64_t ltp_hash_name(const char *domain, const char *name);

#define LTP_MEMBER_NATIONAL UINT64_C(0) /* the member of national draws; ltp_hash_name never returns 0 */

/* Identity of one scalar draw. */
typedef struct {
    uint64_t seed;
    uint64_t stream; /* ltp_hash_name of the stream */
    uint64_t member; /* LTP_MEMBER_NATIONAL or ltp_hash_name of the member */
    uint32_t year;   /* 1.. */
    uint32_t block;  /* 0.. ; LTP_BLOCK_PILOT for the pilot */
} ltp_draw_key;

/* LTP_BLOCK standard normals, path order, 64-byte aligned `z`. sampling: LHS or RANDOM (never EXPECTED).
 * Error against the exact quantile of u, stratified: ≤ 7e-10 in strata 32 to 991, ≤ 2e-15·max(1,|z|) in the 64 outer
 * ones; plain: ≤ 2e-15·max(1,|z|) everywhere. Thread-safe, the first call too. */
void ltp_draw_normal(const ltp_draw_key *key, ltp_sampling sampling, double *restrict z);

/* LTP_BLOCK uniforms, path order, 64-byte aligned `u`: odd multiples of 2⁻⁴³ stratified, of 2⁻⁵³ plain, so never 0 nor
 * 1, and u is as likely as 1 − u. */
void ltp_draw_uniform(const ltp_draw_key *key, ltp_sampling sampling, double *restrict u);

/* Plain (never stratified) uniform on (0,1) of the n-th sub-draw of one path (< LTP_BLOCK) of the key's block: the n-th
 * severity of a Poisson count. */
double ltp_draw_plain(const ltp_draw_key *key, uint32_t path, uint32_t n);

/* One Philox4x32-10 call: known-answer tests. */
void ltp_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/* The keyed bijection on [0,1024) with `rounds` rounds (6 in use; others for the tests that must fail). */
void ltp_draw_permutation(const ltp_draw_key *key, int rounds, uint16_t permutation[LTP_BLOCK]);

/* Standard normal quantile, Wichura (1988) AS241 PPND16 with our own log: no libm, same bits everywhere.
 * 0 < u < 1, else NaN. Error ≤ 2e-15·max(1,|z|). */
double ltp_normal_quantile(double u);

#endif
