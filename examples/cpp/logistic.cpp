#include "logistic.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace {

using Rows = std::vector<std::vector<double>>;

double transformed(double value, const std::string& transform) {
    if (transform == "sqrt") return std::sqrt(value);
    if (transform == "log") return std::log(value + 1e-3);
    if (transform == "none") return value;
    throw std::runtime_error("unknown transform " + transform);
}

Rows prepare(const Table& table, const Hyperparameters& settings, int fold, int folds) {
    Rows rows = table.features;
    const std::size_t width = rows.front().size();
    for (auto& row : rows) {
        for (double& value : row) value = transformed(value, settings.transform);
    }
    for (std::size_t column = 0; column < width; ++column) {
        double sum = 0, squares = 0, count = 0;
        for (std::size_t row = 0; row < rows.size(); ++row) {
            if (static_cast<int>(row) % folds == fold) continue;
            sum += rows[row][column];
            squares += rows[row][column] * rows[row][column];
            count += 1;
        }
        const double mean = sum / count;
        const double deviation = std::sqrt(std::max(squares / count - mean * mean, 1e-12));
        for (auto& row : rows) row[column] = (row[column] - mean) / deviation;
    }
    for (auto& row : rows) {
        if (settings.squares) {
            for (std::size_t column = 0; column < width; ++column) row.push_back((row[column] * row[column] - 1) / 2);
        }
        row.push_back(1);  // the intercept's feature: always last, never penalised
    }
    return rows;
}

double score(const std::vector<double>& weights, const std::vector<double>& row) {
    double sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * row[i];
    return sum;
}

// log(1 + exp(x)) without overflow.
double softplus(double x) { return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); }

}  // namespace

double fold_loss(const Table& table, const Hyperparameters& settings, int fold, int folds) {
    const Rows rows = prepare(table, settings, fold, folds);
    const std::size_t width = rows.front().size();
    std::vector<std::size_t> fitted, held_out;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        (static_cast<int>(row) % folds == fold ? held_out : fitted).push_back(row);
    }

    // The gradient's Lipschitz constant is at most a quarter of the rows' mean squared length, plus the smooth penalty.
    double length = 0;
    for (std::size_t row : fitted) {
        for (double value : rows[row]) length += value * value;
    }
    const double step = 1 / (length / static_cast<double>(fitted.size()) / 4 + settings.l2);

    std::vector<double> weights(width, 0), ahead(width, 0), gradient(width);
    double momentum = 1;
    for (int iteration = 0; iteration < settings.iterations; ++iteration) {
        std::fill(gradient.begin(), gradient.end(), 0);
        for (std::size_t row : fitted) {
            const double residual = 1 / (1 + std::exp(-score(ahead, rows[row]))) - table.labels[row];
            for (std::size_t i = 0; i < width; ++i) gradient[i] += residual * rows[row][i];
        }
        const double next_momentum = (1 + std::sqrt(1 + 4 * momentum * momentum)) / 2;
        for (std::size_t i = 0; i < width; ++i) {
            const bool intercept = i + 1 == width;
            const double slope =
                gradient[i] / static_cast<double>(fitted.size()) + (intercept ? 0 : settings.l2 * ahead[i]);
            const double moved = ahead[i] - step * slope;
            const double shrink = intercept ? 0 : step * settings.l1;
            const double next = std::copysign(std::max(std::abs(moved) - shrink, 0.0), moved);
            ahead[i] = next + (momentum - 1) / next_momentum * (next - weights[i]);
            weights[i] = next;
        }
        momentum = next_momentum;
    }

    double loss = 0;
    for (std::size_t row : held_out) {
        const double z = score(weights, rows[row]);
        loss += softplus(z) - table.labels[row] * z;
    }
    return loss / static_cast<double>(held_out.size());
}
