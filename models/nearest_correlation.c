/* Higham's nearest correlation matrix, and the shrinking that makes a matrix possible. */
#include "models/nearest_correlation.h"

#include <gsl/gsl_eigen.h>
#include <gsl/gsl_matrix.h>
#include <math.h>
#include <string.h>

#include "models/cholesky.h"

#define ITERATIONS 200
#define SETTLED 1e-7

typedef struct {
    gsl_matrix *work, *vector;
    gsl_vector *value;
    gsl_eigen_symmv_workspace *solver;
} ltp_eigen;

static void eigen_free(ltp_eigen *eigen) {
    gsl_matrix_free(eigen->work);
    gsl_matrix_free(eigen->vector);
    gsl_vector_free(eigen->value);
    gsl_eigen_symmv_free(eigen->solver);
}

static ltp_status eigen_create(ltp_eigen *eigen, size_t count, ltp_error *error) {
    eigen->work = gsl_matrix_alloc(count, count);
    eigen->vector = gsl_matrix_alloc(count, count);
    eigen->value = gsl_vector_alloc(count);
    eigen->solver = gsl_eigen_symmv_alloc(count);
    if (eigen->work && eigen->vector && eigen->value && eigen->solver)
        return LTP_OK;
    eigen_free(eigen);
    return ltp_error_set(error, LTP_ERROR_MEMORY, "no memory for the nearest correlation matrix of %zu drivers", count);
}

/* out = matrix with its negative eigenvalues set to 0. out may not be matrix. */
static ltp_status project_semidefinite(ltp_eigen *eigen, size_t count, const double *matrix, double *out,
                                       ltp_error *error) {
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++)
            gsl_matrix_set(eigen->work, i, j, matrix[i * count + j]);
    if (gsl_eigen_symmv(eigen->work, eigen->value, eigen->vector, eigen->solver) != 0)
        return ltp_error_set(error, LTP_ERROR_NUMERIC, "no eigenvalues found of a matrix of %zu correlations", count);
    memset(out, 0, count * count * sizeof *out);
    for (size_t k = 0; k < count; k++) {
        const double value = gsl_vector_get(eigen->value, k);
        for (size_t i = 0; i < count && value > 0.0; i++)
            for (size_t j = 0; j < count; j++)
                out[i * count + j] += value * gsl_matrix_get(eigen->vector, i, k) * gsl_matrix_get(eigen->vector, j, k);
    }
    return LTP_OK;
}

ltp_status ltp_nearest_correlation(size_t count, const double *matrix, double *nearest, ltp_error *error) {
    const size_t cells = count * count;
    ltp_eigen eigen;
    double *corrected = NULL; /* then the projected matrix, then Dykstra's correction */
    ltp_status status = eigen_create(&eigen, count, error);
    if (status != LTP_OK)
        return status;
    status = LTP_NEW(&corrected, 3 * cells, "the nearest correlation matrix", error);
    if (status != LTP_OK)
        goto out;
    double *projected = corrected + cells, *correction = corrected + 2 * cells;
    memcpy(nearest, matrix, cells * sizeof *nearest);
    for (int iteration = 0; iteration < ITERATIONS; iteration++) {
        double moved = 0.0;
        for (size_t i = 0; i < cells; i++)
            corrected[i] = nearest[i] - correction[i];
        status = project_semidefinite(&eigen, count, corrected, projected, error);
        if (status != LTP_OK)
            goto out;
        for (size_t i = 0; i < cells; i++) {
            const double next = i % (count + 1) == 0 ? 1.0 : projected[i];
            correction[i] = projected[i] - corrected[i];
            moved = fmax(moved, fabs(next - nearest[i]));
            nearest[i] = next;
        }
        if (moved < SETTLED)
            break;
    }
out:
    ltp_free(corrected);
    eigen_free(&eigen);
    return status;
}

double ltp_largest_shrink(size_t count, const double *matrix, double *scratch) {
    double *shrunk = scratch, *lower = scratch + count * count;
    int low = 0, high = 1001; /* in thousandths: low is possible, high is not */
    while (high - low > 1) {
        const int middle = (low + high) / 2;
        for (size_t i = 0; i < count * count; i++)
            shrunk[i] = i % (count + 1) == 0 ? 1.0 : matrix[i] * middle / 1000.0;
        if (ltp_cholesky(count, shrunk, lower))
            low = middle;
        else
            high = middle;
    }
    return low / 1000.0;
}
