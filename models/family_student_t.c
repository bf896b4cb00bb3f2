/* student_t: x(z) = mean + sd·sqrt((ν − 2)/ν)·T_ν⁻¹(Φ(z)), so that sd is the natural one; ν = df > 2, sd ≥ 0.
 * Johnson, Kotz & Balakrishnan 1995, Continuous Univariate Distributions vol. 2, 2nd ed., ch. 28, pp. 363–365.
 * df ≤ 2 has no sd: refused. df ≤ 4 has no fourth moment, so a simulated sd never settles: warned.
 * Table: error ≤ 1e-6·(sd + |x − mean|), ≤ 1e-7 for df ≥ 5 (tested). The part of the
 * variance beyond |z| = 8 is 4e-9 at df 5, 2e-5 at df 3, 5% at df 2.2: no number of paths would find it either. */
#include "models/family_compile.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>

typedef struct {
    double mean, scale, df;
} ltp_student;

static ltp_point exact(const void *parameter, double z) {
    const ltp_student *student = parameter;
    const double t = z < 0.0 ? gsl_cdf_tdist_Pinv(ltp_normal_below(z), student->df)
                             : gsl_cdf_tdist_Qinv(ltp_normal_above(z), student->df);
    return (ltp_point){student->mean + student->scale * t,
                       student->scale * ltp_normal_density(z) / gsl_ran_tdist_pdf(t, student->df)};
}

static ltp_status compile(const ltp_family_input *input, ltp_pool *pool, ltp_transform *out, ltp_error *error) {
    const double mean = input->value[LTP_PARAMETER_MEAN], sd = input->value[LTP_PARAMETER_SD];
    const double df = input->value[LTP_PARAMETER_DF];
    if (!(df > 2.0))
        return ltp_family_refuse(error, "student_t", LTP_PARAMETER_DF, df,
                                 "above 2 (at 2 and below there is no standard deviation)");
    const ltp_status status = ltp_family_check_sd(error, "student_t", sd);
    if (status != LTP_OK)
        return status;
    ltp_transform_constant(out, mean);
    if (sd == 0.0)
        return LTP_OK;
    const ltp_student student = {mean, sd * sqrt((df - 2.0) / df), df};
    out->sd = sd;
    out->low = -INFINITY;
    out->high = INFINITY;
    return ltp_transform_tabulate(out, "student_t", exact, &student, pool, error);
}

static const char *warning(const ltp_family_input *input) {
    if (input->value[LTP_PARAMETER_DF] > 4.0)
        return NULL;
    return "a student_t distribution with df of 4 or less has no fourth moment: simulated standard deviations do not "
           "settle, however many the paths";
}

const ltp_family ltp_family_student_t = {
    .name = "student_t",
    .doc = "Symmetric with heavy tails, the heavier the smaller df; sd is the standard deviation of the value itself.",
    .source = "Johnson, Kotz & Balakrishnan 1995, Continuous Univariate Distributions 2, ch. 28, pp. 363–365",
    .required = LTP_MASK(MEAN) | LTP_MASK(SD) | LTP_MASK(DF),
    .compile = compile,
    .warning = warning,
};
