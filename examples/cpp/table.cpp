#include "table.h"

#include <fstream>
#include <sstream>
#include <stdexcept>

Table read_table(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    if (!std::getline(file, line)) throw std::runtime_error("cannot read " + path);
    Table table;
    while (std::getline(file, line)) {
        std::istringstream cells(line);
        std::string cell;
        std::vector<double> row;
        while (std::getline(cells, cell, ',')) row.push_back(std::stod(cell));
        if (row.size() < 2) throw std::runtime_error("bad line in " + path + ": " + line);
        table.labels.push_back(row.front());
        table.features.emplace_back(row.begin() + 1, row.end());
    }
    return table;
}
