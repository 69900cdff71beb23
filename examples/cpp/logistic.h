// Logistic regression with an elastic-net penalty, fitted by accelerated proximal gradient (Beck and Teboulle 2009).
#pragma once

#include <string>

#include "table.h"

struct Hyperparameters {
    double l1;              // weight of the absolute values of the coefficients
    double l2;              // weight of their squares
    std::string transform;  // of each feature before standardising: none, sqrt or log
    bool squares;           // add each standardised feature's square
    int iterations;         // gradient steps
};

// Fits on every row except those with row % folds == fold, and returns the mean log loss (nats) on the latter. Means and
// deviations for standardising come from the rows fitted on alone.
double fold_loss(const Table& table, const Hyperparameters& settings, int fold, int folds);
