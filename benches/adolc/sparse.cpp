// Sparse derivatives in C++: patterns and products by ADOL-C, colours and entries by ColPack.
//
// `sparse PROBLEM N ROUNDS` writes, in nanoseconds of the processor's time: of a trace, a pattern,
// colours, an evaluation; then the number of colours, of entries, and the sum of each entry times a
// weight of its place. ADOL-C's own doors for sparse matrices, `sparse_hess` and `sparse_jac`, are
// stubs in a build without ColPack, as Debian's is; these are their steps, by the same functions of
// both libraries, in the same order and with the same choices.
//
// The problems follow crates/wengert-sparse/examples/measure/problems.rs operation by operation.

#include <ColPack/ColPackHeaders.h>
#include <adolc/adolc.h>
#include <adolc/sparse/sparsedrivers.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

using Numbers = std::vector<double>;
using Pattern = std::vector<unsigned*>;

constexpr short TAG = 1;

adouble square(const adouble& x) { return x * x; }

adouble chained(const std::vector<adouble>& x) {
    adouble sum = 0.0;
    for (size_t i = 0; i + 1 < x.size(); i++)
        sum += square(x[i + 1] - x[i] * x[i]) * 100.0 + square(1.0 - x[i]);
    return sum;
}

adouble triangle(const adouble& dx, const adouble& dy, double h) {
    return sqrt(1.0 + (dx * dx + dy * dy) * (1.0 / (h * h)));
}

// A grid of variables within a frame of constants, without copies, which would be traced.
class Grid {
    const std::vector<adouble>& inside;
    std::vector<adouble> frame;
    std::vector<const adouble*> all;

public:
    const size_t n;
    const double h;

    template <typename Height>
    Grid(const std::vector<adouble>& x, Height height)
        : inside(x), n(std::lround(std::sqrt(double(x.size())))), h(1.0 / (n + 1)) {
        frame.reserve(4 * (n + 1));
        for (size_t i = 0; i <= n + 1; i++)
            for (size_t j = 0; j <= n + 1; j++) {
                bool is_inside = 1 <= i && i <= n && 1 <= j && j <= n;
                if (!is_inside) frame.emplace_back(height(i * h, j * h));
                all.push_back(is_inside ? &inside[(i - 1) * n + j - 1] : &frame.back());
            }
    }
    const adouble& at(size_t i, size_t j) const { return *all[i * (n + 2) + j]; }
};

adouble surface(const std::vector<adouble>& x) {
    Grid grid(x, [](double s, double t) { return (std::sin(s) + std::cos(t)) * 0.5; });
    adouble area = 0.0;
    for (size_t i = 0; i <= grid.n; i++)
        for (size_t j = 0; j <= grid.n; j++) {
            const adouble &a = grid.at(i, j), &b = grid.at(i + 1, j);
            const adouble &c = grid.at(i, j + 1), &d = grid.at(i + 1, j + 1);
            area += triangle(b - a, c - a, grid.h);
            area += triangle(d - c, d - b, grid.h);
        }
    return area * (0.5 * grid.h * grid.h);
}

adouble brown(const std::vector<adouble>& x) {
    adouble sum = 0.0;
    for (size_t i = 0; i + 1 < x.size(); i++) {
        adouble a = x[i] * x[i], b = x[i + 1] * x[i + 1];
        sum += pow(a, b + 1.0) + pow(b, a + 1.0);
    }
    return sum;
}

adouble arrow(const std::vector<adouble>& x) {
    adouble sum = 0.0;
    for (const adouble& y : x) sum += sin(y * x[0]) + y * y * y;
    return sum;
}

adouble bratu(const Grid& u, size_t i, size_t j) {
    adouble around = u.at(i - 1, j) + u.at(i + 1, j) + u.at(i, j - 1) + u.at(i, j + 1);
    return u.at(i, j) * 4.0 - around - exp(u.at(i, j)) * (6.0 * u.h * u.h);
}

// Nanoseconds of the processor that this thread has had.
double now() {
    timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return time.tv_sec * 1e9 + time.tv_nsec;
}

template <typename Run> double timed(Run run) {
    double start = now();
    run();
    return now() - start;
}

struct Result {
    double trace = 0, pattern = 0, colors = 0, evaluation = 0;
    int count = 0;
    size_t entries = 0;
    double sum = 0;
};

// An entry counts as its mirror image does, of which ColPack hands out one.
double weight(size_t row, size_t column) {
    return double((7 * (row + column) + row * column) % 11) - 5.0;
}

// The numbers of a three-dimensional array, behind pointers as ADOL-C wants them.
struct Cube {
    double*** rows;
    Cube(size_t a, size_t b, size_t c) : rows(myalloc3(a, b, c)) {}
    ~Cube() { myfree3(rows); }
};

void trace(const Numbers& point, const std::string& problem) {
    // Entries of each of ADOL-C's buffers, beyond which it would write the trace to a file.
    size_t room = 64 * point.size() + 1000;
    trace_on(TAG, 1, room, room, room, room);
    std::vector<adouble> x(point.size());
    for (size_t i = 0; i < x.size(); i++) x[i] <<= point[i];
    double output;
    if (problem == "bratu") {
        Grid grid(x, [](double, double) { return 0.0; });
        for (size_t i = 1; i <= grid.n; i++)
            for (size_t j = 1; j <= grid.n; j++) bratu(grid, i, j) >>= output;
    } else {
        auto f = problem == "chained" ? chained : problem == "surface" ? surface
               : problem == "brown"   ? brown   : arrow;
        f(x) >>= output;
    }
    trace_off();
}

void hessian(const Numbers& point, int rounds, Result& result) {
    int n = point.size(), p = 0, rows = 0;
    Pattern pattern(n);
    result.pattern = timed([&] { hess_pat(TAG, n, point.data(), pattern.data(), 0); });
    ColPack::GraphColoringInterface* graph = nullptr;
    double** seed = nullptr;
    result.colors = timed([&] {
        graph = new ColPack::GraphColoringInterface(SRC_MEM_ADOLC, pattern.data(), n);
        // What `sparse_hess` asks for where it is not told.
        graph->GenerateSeedHessian(&seed, &rows, &p, "SMALLEST_LAST",
                                   "ACYCLIC_FOR_INDIRECT_RECOVERY");
    });
    result.count = p;
    Cube tangents(n, p, 1), derivatives(1, p, 1), adjoints(p, n, 2);
    for (int i = 0; i < n; i++)
        for (int d = 0; d < p; d++) tangents.rows[i][d][0] = seed[i][d];
    double** weights = myalloc2(1, 2);
    weights[0][0] = 1.0;
    weights[0][1] = 0.0;
    double** compressed = myalloc2(n, p);
    ColPack::HessianRecovery recovery;
    unsigned *row = nullptr, *column = nullptr;
    double* values = nullptr;
    auto evaluate = [&] {
        double y;
        hov_wk_forward(TAG, 1, n, 1, 2, p, point.data(), tangents.rows, &y, derivatives.rows);
        hos_ov_reverse(TAG, 1, n, 1, p, weights, adjoints.rows);
        for (int d = 0; d < p; d++)
            for (int i = 0; i < n; i++) compressed[i][d] = adjoints.rows[d][i][1];
        if (values)
            recovery.IndirectRecover_CoordinateFormat_usermem(graph, compressed, pattern.data(),
                                                              &row, &column, &values);
        else
            result.entries = recovery.IndirectRecover_CoordinateFormat_unmanaged(
                graph, compressed, pattern.data(), &row, &column, &values);
    };
    evaluate();
    result.evaluation = timed([&] { for (int i = 0; i < rounds; i++) evaluate(); }) / rounds;
    for (size_t k = 0; k < result.entries; k++)
        result.sum += values[k] * weight(row[k], column[k]);
}

void jacobian(const Numbers& point, int rounds, Result& result) {
    int n = point.size(), p = 0, rows = 0;
    Pattern pattern(n);
    int options[3] = {0, 0, 0};
    result.pattern = timed([&] { jac_pat(TAG, n, n, point.data(), pattern.data(), options); });
    ColPack::BipartiteGraphPartialColoringInterface* graph = nullptr;
    double** seed = nullptr;
    result.colors = timed([&] {
        graph = new ColPack::BipartiteGraphPartialColoringInterface(SRC_MEM_ADOLC, pattern.data(),
                                                                    n, n);
        graph->GenerateSeedJacobian(&seed, &rows, &p, "SMALLEST_LAST",
                                    "COLUMN_PARTIAL_DISTANCE_TWO");
    });
    result.count = p;
    Numbers outputs(n);
    double** compressed = myalloc2(n, p);
    ColPack::JacobianRecovery1D recovery;
    unsigned *row = nullptr, *column = nullptr;
    double* values = nullptr;
    auto evaluate = [&] {
        fov_forward(TAG, n, n, p, point.data(), seed, outputs.data(), compressed);
        if (values)
            recovery.RecoverD2Cln_CoordinateFormat_usermem(graph, compressed, pattern.data(), &row,
                                                           &column, &values);
        else
            result.entries = recovery.RecoverD2Cln_CoordinateFormat_unmanaged(
                graph, compressed, pattern.data(), &row, &column, &values);
    };
    evaluate();
    result.evaluation = timed([&] { for (int i = 0; i < rounds; i++) evaluate(); }) / rounds;
    for (size_t k = 0; k < result.entries; k++)
        result.sum += values[k] * weight(row[k], column[k]);
}

int main(int count, char** arguments) {
    if (count != 4) return 2;
    std::string problem = arguments[1];
    size_t n = std::atol(arguments[2]);
    int rounds = std::atoi(arguments[3]);
    Numbers point(n);
    for (size_t i = 0; i < n; i++) point[i] = 0.3 + 0.5 * std::sin(double(i));
    Result result;
    result.trace = timed([&] { trace(point, problem); });
    if (problem == "bratu") jacobian(point, rounds, result);
    else hessian(point, rounds, result);
    std::printf("%.0f %.0f %.0f %.0f %d %zu %.17g\n", result.trace, result.pattern, result.colors,
                result.evaluation, result.count, result.entries, result.sum);
}
