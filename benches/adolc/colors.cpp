// How many colours ColPack needs for matrices of the Matrix Market format, by columns, by rows, and
// by both together: the fewest that its orders give, and, of both, its four methods.
//
// crates/wengert-sparse/examples/count-colors.rs prints ours; `just count-colors FILES` both.

#include <ColPack/ColPackHeaders.h>

#include <algorithm>
#include <climits>
#include <cstdio>
#include <iostream>

using namespace ColPack;

constexpr const char* ORDERS[] = {"NATURAL", "LARGEST_FIRST", "SMALLEST_LAST", "INCIDENCE_DEGREE",
                                  "DYNAMIC_LARGEST_FIRST"};
constexpr const char* METHODS[] = {
    "IMPLICIT_COVERING__STAR_BICOLORING", "IMPLICIT_COVERING__GREEDY_STAR_BICOLORING",
    "EXPLICIT_COVERING__STAR_BICOLORING", "EXPLICIT_COVERING__MODIFIED_STAR_BICOLORING"};

int one_side(const char* file, const char* method, bool by_columns) {
    int fewest = INT_MAX;
    for (const char* order : ORDERS) {
        BipartiteGraphPartialColoringInterface graph(SRC_FILE, file, "MM");
        graph.PartialDistanceTwoColoring(order, method);
        int count = by_columns ? graph.GetRightVertexColorCount() : graph.GetLeftVertexColorCount();
        fewest = std::min(fewest, count);
    }
    return fewest;
}

int both_sides(const char* file) {
    int fewest = INT_MAX;
    for (const char* method : METHODS)
        for (const char* order : ORDERS) {
            BipartiteGraphBicoloringInterface graph(SRC_FILE, file, "MM");
            graph.Bicoloring(order, method);
            fewest = std::min(fewest, graph.GetVertexColorCount());
        }
    return fewest;
}

int main(int count, char** files) {
    // What ColPack says while it reads.
    std::cout.setstate(std::ios_base::failbit);
    for (int i = 1; i < count; i++)
        std::printf("| %s | ColPack | %d | %d | %d |\n", files[i],
                    one_side(files[i], "COLUMN_PARTIAL_DISTANCE_TWO", true),
                    one_side(files[i], "ROW_PARTIAL_DISTANCE_TWO", false), both_sides(files[i]));
}
