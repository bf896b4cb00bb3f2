#include "results/statistic.h"

#define AT(field) offsetof(ltp_summary, field)

const ltp_statistic ltp_statistics[] = {
    {"mean", "mean over paths", AT(mean), 1, LTP_NEEDS_NOTHING, true},
    {"mean_se", "Monte Carlo standard error of the mean", AT(mean_se), 1, LTP_NEEDS_NOTHING, true},
    {"sd", "standard deviation over paths", AT(sd), 1, LTP_NEEDS_NOTHING, true},
    {"skew", "skewness over paths", AT(skew), 1, LTP_NEEDS_NOTHING, false},
    {"min", "smallest path", AT(minimum), 1, LTP_NEEDS_NOTHING, true},
    {"max", "largest path", AT(maximum), 1, LTP_NEEDS_NOTHING, true},
    {"quantile", "quantile over paths", AT(quantile), LTP_QUANTILE_COUNT, LTP_NEEDS_HISTOGRAM, true},
    {"quantile_se", "Monte Carlo standard error of the quantile", AT(quantile_se), LTP_QUANTILE_COUNT,
     LTP_NEEDS_HISTOGRAM, true},
    {"quantile_resolution", "width of the histogram bin that holds the quantile", AT(quantile_resolution),
     LTP_QUANTILE_COUNT, LTP_NEEDS_HISTOGRAM, true},
    {"shortfall90", "expected shortfall: mean of the highest 10% of paths", AT(shortfall[0]), 1, LTP_NEEDS_HISTOGRAM,
     true},
    {"shortfall90_se", "Monte Carlo standard error of the expected shortfall", AT(shortfall_se[0]), 1,
     LTP_NEEDS_HISTOGRAM, true},
    {"shortfall95", "expected shortfall: mean of the highest 5% of paths", AT(shortfall[1]), 1, LTP_NEEDS_HISTOGRAM,
     true},
    {"shortfall95_se", "Monte Carlo standard error of the expected shortfall", AT(shortfall_se[1]), 1,
     LTP_NEEDS_HISTOGRAM, true},
    {"probability", "probability of", AT(probability), 1, LTP_NEEDS_EVENT, false},
    {"probability_se", "Monte Carlo standard error of the probability (missing with fewer than 10 hits or misses) of",
     AT(probability_se), 1, LTP_NEEDS_EVENT, false},
    {"probability_low",
     "lower end of the 95% interval (Clopper and Pearson's with fewer than 10 hits or misses) of the probability of",
     AT(probability_low), 1, LTP_NEEDS_EVENT, false},
    {"probability_high",
     "upper end of the 95% interval (Clopper and Pearson's with fewer than 10 hits or misses) of the probability of",
     AT(probability_high), 1, LTP_NEEDS_EVENT, false},
};

const size_t ltp_statistic_count = sizeof ltp_statistics / sizeof *ltp_statistics;

bool ltp_statistic_applies(const ltp_statistic *statistic, bool histogram, ltp_event event) {
    switch (statistic->need) {
    case LTP_NEEDS_HISTOGRAM:
        return histogram;
    case LTP_NEEDS_EVENT:
        return event != LTP_EVENT_NONE;
    case LTP_NEEDS_NOTHING:
        break;
    }
    return true;
}

const double *ltp_statistic_of(const ltp_statistic *statistic, const ltp_summary *summary) {
    return (const double *)((const char *)summary + statistic->offset);
}
