/* Standard normal quantiles without libm: + − × ÷ and sqrt only, all correctly rounded, so the same bits everywhere.
 *
 * Source of the rational functions: M. J. Wichura (1988), "Algorithm AS 241: The percentage points of the normal
 * distribution", Applied Statistics 37(3), pp. 477–484, routine PPND16 (relative accuracy about 1e-16).
 *
 * A block of stratified normals is made in order of stratum, so that which formula holds is known beforehand and no
 * lane computes what it does not need: a cubic in the jitter for the inner strata, the tail of AS241 for the outer.
 * The cubics interpolate AS241 at the four Chebyshev nodes of each stratum. Their table is made once per process
 * (pthread_once) by the arithmetic named above: nothing in it depends on the machine. */
#include "sim/core/normal.h"

#include <float.h>
#include <math.h>
#include <pthread.h>
#include <string.h>

#include "sim/core/draw.h"

#define INLINE static inline __attribute__((always_inline))

#define CENTRAL_HALF_WIDTH 0.425 /* |u − 1/2| up to which AS241 is central: a double, 0.425 exactly as published */
#define FAR_PROBABILITY 1.3887943864964021e-11 /* exp(−25): below it AS241 changes to its far tail */
#define LN2 0.69314718055994530942

/* --- AS241 ------------------------------------------------------------------------------------------------------ */

/* ln x for normal x > 0, within 2 ulp: x = 2^e·m, m in (1/√2, √2], ln m = 2 artanh((m−1)/(m+1)) by its series. */
INLINE double natural_log(double x) {
    const double shift = 0x1p52 + 1023.0;
    uint64_t bits, exponent_bits;
    double exponent, m;
    memcpy(&bits, &x, sizeof bits);
    exponent_bits = (bits >> 52) | UINT64_C(0x4330000000000000); /* 2^52 + biased exponent */
    bits = (bits & UINT64_C(0x000FFFFFFFFFFFFF)) | UINT64_C(0x3FF0000000000000);
    memcpy(&exponent, &exponent_bits, sizeof exponent);
    memcpy(&m, &bits, sizeof m);
    exponent -= shift;
    const int high = m > 1.4142135623730951;
    exponent = high ? exponent + 1.0 : exponent;
    m = high ? m * 0.5 : m;
    const double s = (m - 1.0) / (m + 1.0), t = s * s;
    double series = 1.0 / 21;
    series = series * t + 1.0 / 19;
    series = series * t + 1.0 / 17;
    series = series * t + 1.0 / 15;
    series = series * t + 1.0 / 13;
    series = series * t + 1.0 / 11;
    series = series * t + 1.0 / 9;
    series = series * t + 1.0 / 7;
    series = series * t + 1.0 / 5;
    series = series * t + 1.0 / 3;
    return exponent * LN2 + (2.0 * s + 2.0 * s * t * series);
}

/* Degree-7 polynomial, coefficients from the constant up. */
INLINE double polynomial7(const double c[8], double x) {
    return ((((((c[7] * x + c[6]) * x + c[5]) * x + c[4]) * x + c[3]) * x + c[2]) * x + c[1]) * x + c[0];
}

/* |q| ≤ 0.425, q = u − 1/2. */
INLINE double quantile_central(double q) {
    const double a[8] = {3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
                         1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
                         3.3430575583588128105e4, 2.5090809287301226727e3};
    const double b[8] = {1.0,
                         4.2313330701600911252e1,
                         6.8718700749205790830e2,
                         5.3941960214247511077e3,
                         2.1213794301586595867e4,
                         3.9307895800092710610e4,
                         2.8729085735721942674e4,
                         5.2264952788528545610e3};
    const double r = CENTRAL_HALF_WIDTH * CENTRAL_HALF_WIDTH - q * q;
    return q * polynomial7(a, r) / polynomial7(b, r);
}

/* −Φ⁻¹(p) for exp(−25) ≤ p ≤ 0.075. */
INLINE double quantile_tail(double p) {
    const double c[8] = {1.42343711074968357734e0,  4.63033784615654529590e0, 5.76949722146069140550e0,
                         3.64784832476320460504e0,  1.27045825245236838258e0, 2.41780725177450611770e-1,
                         2.27238449892691845833e-2, 7.74545014278341407640e-4};
    const double d[8] = {1.0,
                         2.05319162663775882187e0,
                         1.67638483018380384940e0,
                         6.89767334985100004550e-1,
                         1.48103976427480074590e-1,
                         1.51986665636164571966e-2,
                         5.47593808499534494600e-4,
                         1.05075007164441684324e-9};
    const double r = sqrt(-natural_log(p)) - 1.6;
    return polynomial7(c, r) / polynomial7(d, r);
}

/* −Φ⁻¹(p) for 0 < p < exp(−25). */
static double quantile_far(double p) {
    const double e[8] = {6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,
                         2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                         2.71155556874348757815e-5, 2.01033439929228813265e-7};
    const double f[8] = {1.0,
                         5.99832206555887937690e-1,
                         1.36929880922735805310e-1,
                         1.48753612908506148525e-2,
                         7.86869131145613259100e-4,
                         1.84631831751005468180e-5,
                         1.42151175831644588870e-7,
                         2.04426310338993978564e-15};
    const double log_p = p < DBL_MIN ? natural_log(p * 0x1p54) - 54.0 * LN2 : natural_log(p);
    const double r = sqrt(-log_p) - 5.0;
    return polynomial7(e, r) / polynomial7(f, r);
}

double ltp_normal_quantile(double u) {
    if (!(u > 0.0 && u < 1.0))
        return (double)NAN;
    const double q = u - 0.5;
    if (fabs(q) <= CENTRAL_HALF_WIDTH)
        return quantile_central(q);
    const double p = q < 0.0 ? u : 1.0 - u;
    const double magnitude = p < FAR_PROBABILITY ? quantile_far(p) : quantile_tail(p);
    return q < 0.0 ? -magnitude : magnitude;
}

/* --- the cubics of the inner strata ----------------------------------------------------------------------------- */

static double cubic[4][LTP_BLOCK] __attribute__((aligned(64))); /* by power of the jitter, then stratum */
static pthread_once_t cubic_once = PTHREAD_ONCE_INIT;

/* Interpolates the quantile at the Chebyshev nodes of (0,1) by Newton's divided differences, then expands. */
static void make_cubics(void) {
    /* 1/2 − cos((2j+1)π/8)/2 */
    static const double node[4] = {0.038060233744356624, 0.308658283817455114, 0.691341716182544886,
                                   0.961939766255643376};
    for (int k = LTP_NORMAL_OUTER; k < LTP_BLOCK - LTP_NORMAL_OUTER; k++) {
        double d[4];
        for (int j = 0; j < 4; j++)
            d[j] = ltp_normal_quantile((k + node[j]) / LTP_BLOCK);
        for (int order = 1; order < 4; order++)
            for (int j = 3; j >= order; j--)
                d[j] = (d[j] - d[j - 1]) / (node[j] - node[j - order]);
        /* d0 + (t−n0)(d1 + (t−n1)(d2 + (t−n2)·d3)), from the inside out */
        double c[4] = {d[3], 0.0, 0.0, 0.0};
        for (int j = 2; j >= 0; j--) {
            for (int power = 3 - j; power > 0; power--)
                c[power] = c[power - 1] - node[j] * c[power];
            c[0] = d[j] - node[j] * c[0];
        }
        for (int power = 0; power < 4; power++)
            cubic[power][k] = c[power];
    }
}

/* --- a block at a time ------------------------------------------------------------------------------------------ */

/* (w + 1/2)·2⁻³² exactly: w put under the exponent of 2^20, whose last place is 2⁻³². */
INLINE double unit_jitter(uint32_t w) {
    const uint64_t bits = UINT64_C(0x4130000000000000) | w;
    double x;
    memcpy(&x, &bits, sizeof x);
    return x - (0x1p20 - 0x1p-33);
}

LTP_HOT static void inner_strata(const uint32_t *restrict jitter, double *restrict z) {
    for (int k = LTP_NORMAL_OUTER; k < LTP_BLOCK - LTP_NORMAL_OUTER; k++) {
        const double t = unit_jitter(jitter[k]);
        z[k] = cubic[0][k] + t * (cubic[1][k] + t * (cubic[2][k] + t * cubic[3][k]));
    }
}

/* The tail's near formula everywhere, then the two outermost strata, which alone reach the far tail, once more. */
LTP_HOT static void outer_strata(const uint32_t *restrict jitter, double *restrict z) {
    for (int k = 0; k < LTP_NORMAL_OUTER; k++)
        z[k] = -quantile_tail((k + unit_jitter(jitter[k])) * (1.0 / LTP_BLOCK));
    for (int k = LTP_BLOCK - LTP_NORMAL_OUTER; k < LTP_BLOCK; k++)
        z[k] = quantile_tail((LTP_BLOCK - (k + unit_jitter(jitter[k]))) * (1.0 / LTP_BLOCK));
}

void ltp_normal_stratified(const uint32_t *restrict jitter, double *restrict z) {
    const uint32_t *aligned_jitter = __builtin_assume_aligned(jitter, 64);
    double *aligned_z = __builtin_assume_aligned(z, 64);
    pthread_once(&cubic_once, make_cubics);
    inner_strata(aligned_jitter, aligned_z);
    outer_strata(aligned_jitter, aligned_z);
    const int last = LTP_BLOCK - 1;
    z[0] = ltp_normal_quantile(unit_jitter(jitter[0]) * (1.0 / LTP_BLOCK));
    z[last] = ltp_normal_quantile((last + unit_jitter(jitter[last])) * (1.0 / LTP_BLOCK));
}

/* Central and near-tail formulas blended; returns whether some u lies in the far tail, where neither holds. */
LTP_HOT static int plain_normals(const double *restrict u, double *restrict z) {
    int far = 0;
    for (int i = 0; i < LTP_BLOCK; i++) {
        const double q = u[i] - 0.5;
        const double p = q < 0.0 ? u[i] : 1.0 - u[i];
        const double tail = quantile_tail(p);
        const double central = quantile_central(q);
        z[i] = fabs(q) <= CENTRAL_HALF_WIDTH ? central : q < 0.0 ? -tail : tail;
        far |= p < FAR_PROBABILITY;
    }
    return far;
}

void ltp_normal_plain(const double *restrict u, double *restrict z) {
    if (plain_normals(__builtin_assume_aligned(u, 64), __builtin_assume_aligned(z, 64)))
        for (int i = 0; i < LTP_BLOCK; i++)
            z[i] = ltp_normal_quantile(u[i]);
}
