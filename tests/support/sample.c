#include "tests/support/sample.h"

#include <math.h>
#include <stdlib.h>

double sample_mean(const double *x, size_t count) {
    double sum = 0.0;
    for (size_t i = 0; i < count; i++)
        sum += x[i];
    return sum / (double)count;
}

double sample_sd(const double *x, size_t count) {
    const double mean = sample_mean(x, count);
    double sum = 0.0;
    for (size_t i = 0; i < count; i++)
        sum += (x[i] - mean) * (x[i] - mean);
    return sqrt(sum / (double)(count - 1));
}

double sample_correlation(const double *x, const double *y, size_t count) {
    const double mx = sample_mean(x, count), my = sample_mean(y, count);
    double xx = 0.0, yy = 0.0, xy = 0.0;
    for (size_t i = 0; i < count; i++) {
        xx += (x[i] - mx) * (x[i] - mx);
        yy += (y[i] - my) * (y[i] - my);
        xy += (x[i] - mx) * (y[i] - my);
    }
    return xy / sqrt(xx * yy);
}

static int by_value(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double sample_quantile(double *x, size_t count, double p) {
    qsort(x, count, sizeof *x, by_value);
    const double place = p * (double)count - 0.5;
    if (place <= 0.0)
        return x[0];
    const size_t below = (size_t)place;
    if (below + 1 >= count)
        return x[count - 1];
    return x[below] + (place - (double)below) * (x[below + 1] - x[below]);
}

double sample_shortfall(const double *sorted, size_t count, double p) {
    const size_t from = (size_t)ceil(p * (double)count);
    return sample_mean(sorted + from, count - from);
}

double sample_distance(double estimate, double exact, double error) {
    const double off = estimate - exact;
    if (!(fabs(off) < 1e6 * error)) /* NaN too */
        return 1e6;
    return off / error;
}

double sample_distance_mean(const double *x, size_t count, double mean, double sd) {
    return sample_distance(sample_mean(x, count), mean, sd / sqrt((double)count));
}

double sample_distance_sd(const double *x, size_t count, double sd) {
    return sample_distance(sample_sd(x, count), sd, sd / sqrt(2.0 * (double)(count - 1)));
}

double sample_distance_correlation(const double *x, const double *y, size_t count, double correlation) {
    return sample_distance(sample_correlation(x, y, count), correlation,
                           (1 - correlation * correlation) / sqrt((double)count));
}

double sample_distance_frequency(size_t hits, size_t count, double probability) {
    return sample_distance((double)hits / (double)count, probability,
                           sqrt(probability * (1 - probability) / (double)count));
}
