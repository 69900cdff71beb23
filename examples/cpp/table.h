// Numbers of a CSV file: the first column is the class (0 or 1), the others are features.
#pragma once

#include <string>
#include <vector>

struct Table {
    std::vector<std::vector<double>> features;  // one row an example
    std::vector<double> labels;                 // 0 or 1
};

// Reads a CSV file with a header line. Throws std::runtime_error if it cannot be read.
Table read_table(const std::string& path);
