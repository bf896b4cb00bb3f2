/* triangular: min ≤ mode ≤ max, min < max.
 *     Q(u) = min + sqrt(u(max − min)(mode − min))             for u ≤ (mode − min)/(max − min)
 *            max − sqrt((1 − u)(max − min)(max − mode))       above
 *     mean (min + mode + max)/3;  variance (min² + mode² + max² − min·mode − min·max − mode·max)/18
 * Kotz & van Dorp 2004, Beyond Beta, ch. 1, pp. 5–12.
 * Table: the second derivative jumps at the mode, so the one interval that holds it has error ≤ 2e-5 sd; all others
 * ≤ 5e-9·(sd + |x − mean|) (tested). */
#include "models/family_compile.h"

#include <math.h>

typedef struct {
    double low, mode, high;
} ltp_triangle;

static ltp_point exact(const void *parameter, double z) {
    const ltp_triangle *triangle = parameter;
    const double width = triangle->high - triangle->low;
    const double rise = triangle->mode - triangle->low, fall = triangle->high - triangle->mode;
    const double below = ltp_normal_below(z), above = ltp_normal_above(z);
    if (below * width <= rise) {
        const double from_low = sqrt(below * width * rise);
        return (ltp_point){triangle->low + from_low, ltp_normal_density(z) * width * rise / (2.0 * from_low)};
    }
    const double to_high = sqrt(above * width * fall);
    return (ltp_point){triangle->high - to_high, ltp_normal_density(z) * width * fall / (2.0 * to_high)};
}

static ltp_status compile(const ltp_family_input *input, ltp_pool *pool, ltp_transform *out, ltp_error *error) {
    const ltp_triangle triangle = {input->value[LTP_PARAMETER_MIN], input->value[LTP_PARAMETER_MODE],
                                   input->value[LTP_PARAMETER_MAX]};
    if (!(triangle.low < triangle.high))
        return ltp_family_refuse(error, "triangular", LTP_PARAMETER_MIN, triangle.low, "below max, %.10g",
                                 triangle.high);
    if (!(triangle.mode >= triangle.low && triangle.mode <= triangle.high))
        return ltp_family_refuse(error, "triangular", LTP_PARAMETER_MODE, triangle.mode,
                                 "between min and max, %.10g and %.10g", triangle.low, triangle.high);
    const double rise = triangle.mode - triangle.low, width = triangle.high - triangle.low;
    out->mean = triangle.low + (rise + width) / 3.0;
    out->sd = sqrt((rise * rise + width * width - rise * width) / 18.0); /* the formula above, shifted to min = 0 */
    out->low = triangle.low;
    out->high = triangle.high;
    return ltp_transform_tabulate(out, "triangular", exact, &triangle, pool, error);
}

const ltp_family ltp_family_triangular = {
    .name = "triangular",
    .doc = "Straight lines from min up to the mode and down to max.",
    .source = "Kotz & van Dorp 2004, Beyond Beta, ch. 1, pp. 5–12",
    .required = LTP_MASK(MIN) | LTP_MASK(MODE) | LTP_MASK(MAX),
    .compile = compile,
};
