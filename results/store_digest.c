#include "results/store_digest.h"

#include <stdint.h>

/* Where LTP_HOT picks by processor, this does. */
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && !defined(LTP_NO_CLONES)
#include <cpuid.h>
#include <immintrin.h>
#include <stdbool.h>

#define BLOCK_BYTES 64

/* FIPS 180-4, 4.2.2. */
static const uint32_t constant[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

/* The instructions take the state as ABEF and CDGH, four rounds' words at a time. */
__attribute__((target("sha,sse4.1,ssse3"))) static void take_blocks(uint32_t state[8], const uint8_t *bytes,
                                                                    size_t count) {
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    const __m128i low = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(const void *)state), 0xB1);
    const __m128i high = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(const void *)(state + 4)), 0x1B);
    __m128i abef = _mm_alignr_epi8(low, high, 8), cdgh = _mm_blend_epi16(high, low, 0xF0);
    for (; count > 0; count--, bytes += BLOCK_BYTES) {
        const __m128i abef_before = abef, cdgh_before = cdgh;
        __m128i word[4];
        for (int r = 0; r < 16; r++) {
            __m128i *w = &word[r % 4];
            const __m128i before = word[(r + 3) % 4];
            if (r < 4)
                *w = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(const void *)(bytes + 16 * r)), swap);
            else
                *w = _mm_sha256msg2_epu32(_mm_add_epi32(_mm_sha256msg1_epu32(*w, word[(r + 1) % 4]),
                                                        _mm_alignr_epi8(before, word[(r + 2) % 4], 4)),
                                          before);
            const __m128i k =
                _mm_add_epi32(*w, _mm_load_si128((const __m128i *)(const void *)(constant + (size_t)r * 4)));
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, k);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(k, 0x0E));
        }
        abef = _mm_add_epi32(abef, abef_before);
        cdgh = _mm_add_epi32(cdgh, cdgh_before);
    }
    const __m128i feba = _mm_shuffle_epi32(abef, 0x1B), dchg = _mm_shuffle_epi32(cdgh, 0xB1);
    _mm_storeu_si128((__m128i *)(void *)state, _mm_blend_epi16(feba, dchg, 0xF0));
    _mm_storeu_si128((__m128i *)(void *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}
static void update_by_processor(SHA2_CTX *hash, const uint8_t *at, size_t length) {
    const size_t used = hash->bitcount[0] / 8 % BLOCK_BYTES;
    const size_t head = used ? BLOCK_BYTES - used : 0;
    if (length < head + BLOCK_BYTES) {
        SHA256Update(hash, at, length);
        return;
    }
    SHA256Update(hash, at, head);
    const size_t count = (length - head) / BLOCK_BYTES, end = head + count * BLOCK_BYTES;
    take_blocks(hash->state.st32, at + head, count);
    hash->bitcount[0] += (uint64_t)count * BLOCK_BYTES * 8;
    SHA256Update(hash, at + end, length - end);
}

static void update_by_library(SHA2_CTX *hash, const uint8_t *at, size_t length) {
    SHA256Update(hash, at, length);
}

typedef void update_function(SHA2_CTX *hash, const uint8_t *at, size_t length);

/* Asked by the loader, once: on a virtual machine the question takes microseconds. */
static update_function *choose_update(void) {
    unsigned a, b, c, d, sse;
    const bool there = __get_cpuid(1, &a, &b, &sse, &d) && (sse & bit_SSE4_1) && (sse & bit_SSSE3) &&
                       __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA);
    return there ? update_by_processor : update_by_library;
}

static void update(SHA2_CTX *hash, const uint8_t *at, size_t length) __attribute__((ifunc("choose_update")));
#else
static void update(SHA2_CTX *hash, const uint8_t *at, size_t length) {
    SHA256Update(hash, at, length);
}
#endif

void ltp_digest_update(SHA2_CTX *hash, const void *bytes, size_t length) {
    update(hash, bytes, length);
}
