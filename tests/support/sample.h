/* Statistics of a sample of paths, and how far they lie from a closed form in standard errors. */
#ifndef LTP_TESTS_SUPPORT_SAMPLE_H
#define LTP_TESTS_SUPPORT_SAMPLE_H

#include <stddef.h>

/* Five standard errors: a right program fails one two-sided check in 1.7 million draws of the seed. */
#define SAMPLE_ERRORS 5.0

double sample_mean(const double *x, size_t count);
double sample_sd(const double *x, size_t count); /* n − 1 */
double sample_correlation(const double *x, const double *y, size_t count);
/* Sorts x. Linear between order statistics. */
double sample_quantile(double *x, size_t count, double p);
/* Mean of the worst (1 − p) of the sorted sample. */
double sample_shortfall(const double *sorted, size_t count, double p);

/* (estimate − exact) ÷ standard error, at most a large number. */
double sample_distance(double estimate, double exact, double error);
/* Distance of mean and of sd of a sample from a normal's; errors as for plain sampling, which Latin hypercube blocks of
 * M never exceed by more than M/(M − 1) in variance (McKay, Beckman, Conover 1979; Owen 1997). */
double sample_distance_mean(const double *x, size_t count, double mean, double sd);
double sample_distance_sd(const double *x, size_t count, double sd);
double sample_distance_correlation(const double *x, const double *y, size_t count, double correlation);
/* Of a frequency from a probability. */
double sample_distance_frequency(size_t hits, size_t count, double probability);

#endif
