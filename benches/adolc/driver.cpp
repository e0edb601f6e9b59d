// The problems of GradBench in C++, differentiated by ADOL-C.
//
// Reads one problem from standard input: its name, then three lists, each with its length first:
// sizes, data, and the point. Writes the least time of a run in nanoseconds of the function in
// doubles, of a gradient by tracing and a reverse sweep, and of a gradient by a trace that is
// used again; then the derivatives. Each of the three is run for the seconds of the first argument;
// the second is the number of operations of the function.
//
// The objectives follow crates/wengert-problems/src/gradbench operation by operation.

#include <adolc/adolc.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

using Numbers = std::vector<double>;

struct Input {
    std::string problem;
    std::vector<size_t> sizes;
    Numbers data, point;
    size_t operations;
};

inline double value_of(double x) { return x; }
inline double value_of(const adouble& x) { return x.value(); }

template <typename T> T sigmoid(const T& x) { return 1.0 / (1.0 + exp(-x)); }

template <typename T> T log_sum_exp(const T* x, size_t n) {
    double shift = value_of(x[0]);
    for (size_t i = 1; i < n; i++) shift = std::max(shift, value_of(x[i]));
    T sum = 0.0;
    for (size_t i = 0; i < n; i++) sum += exp(x[i] - shift);
    return log(sum) + shift;
}

template <typename T> T lse(const Input& in, const T* x) {
    size_t largest = 0, n = in.point.size();
    for (size_t i = 1; i < n; i++)
        if (value_of(x[i]) > value_of(x[largest])) largest = i;
    T sum = 0.0;
    for (size_t i = 0; i < n; i++) sum += exp(x[i] - x[largest]);
    return x[largest] + log(sum);
}

template <typename T> T llsq(const Input& in, const T* x) {
    size_t n = in.sizes[0], m = in.point.size();
    T sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        double t = -1.0 + 2.0 * i / (n - 1.0), power = 1.0;
        T miss = -double((t > 0) - (t < 0));
        for (size_t j = 0; j < m; j++, power *= t) miss += x[j] * power;
        sum += miss * miss;
    }
    return sum * 0.5;
}

template <typename T> void slope(const T* x, const std::vector<T>& y, std::vector<T>& k) {
    k[0] = x[0];
    for (size_t i = 1; i < y.size(); i++) k[i] = x[i] * y[i - 1];
}

template <typename T> T ode(const Input& in, const T* x) {
    size_t n = in.point.size(), steps = in.sizes[0];
    double h = 2.0 / steps;
    std::vector<T> y(n, T(0.0)), place(n), k[4];
    for (auto& slopes : k) slopes.resize(n);
    for (size_t s = 0; s < steps; s++) {
        slope(x, y, k[0]);
        for (int stage = 1; stage < 4; stage++) {
            double way = stage == 3 ? h : h / 2;
            for (size_t i = 0; i < n; i++) place[i] = y[i] + k[stage - 1][i] * way;
            slope(x, place, k[stage]);
        }
        for (size_t i = 0; i < n; i++)
            y[i] += k[0][i] * (h / 6) + k[1][i] * (h / 3) + k[2][i] * (h / 3) + k[3][i] * (h / 6);
    }
    return y[n - 1];
}

// The point is α, μ, q and l, with γ = 1 and m = 0; the last number of the data is the constant.
template <typename T> T gmm(const Input& in, const T* x) {
    size_t d = in.sizes[0], k = in.sizes[1], n = in.sizes[2], below = d * (d - 1) / 2;
    const T *alpha = x, *mu = alpha + k, *q = mu + k * d, *l = q + k * d;
    std::vector<T> peak(k), diagonal(k * d), beta(k), offset(d);
    T prior = 0.0;
    for (size_t c = 0; c < k; c++) {
        peak[c] = alpha[c];
        for (size_t j = 0; j < d; j++) {
            peak[c] += q[c * d + j];
            diagonal[c * d + j] = exp(q[c * d + j]);
            prior += diagonal[c * d + j] * diagonal[c * d + j];
        }
        for (size_t j = 0; j < below; j++) prior += l[c * below + j] * l[c * below + j];
    }
    T sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        for (size_t c = 0; c < k; c++) {
            for (size_t j = 0; j < d; j++) offset[j] = mu[c * d + j] - in.data[i * d + j];
            T square = 0.0;
            for (size_t row = 0; row < d; row++) {
                T whitened = diagonal[c * d + row] * offset[row];
                for (size_t j = 0; j < row; j++)
                    whitened += l[c * below + j * (2 * d - j - 1) / 2 + row - j - 1] * offset[j];
                square += whitened * whitened;
            }
            beta[c] = peak[c] - square * 0.5;
        }
        sum += log_sum_exp(beta.data(), k);
    }
    return sum - log_sum_exp(alpha, k) * double(n) - prior * 0.5 + in.data[n * d];
}

// The data are the states and then the sequence.
template <typename T> T lstm(const Input& in, const T* x) {
    size_t layers = in.sizes[0], b = in.sizes[1], items = in.sizes[2];
    std::vector<T> state(in.data.begin(), in.data.begin() + 2 * layers * b), flow(b);
    const double* sequence = in.data.data() + 2 * layers * b;
    const T* extra = x + 8 * layers * b;
    T loss = 0.0;
    for (size_t t = 0; t + 1 < items; t++) {
        for (size_t j = 0; j < b; j++) flow[j] = extra[j] * sequence[t * b + j];
        for (size_t layer = 0; layer < layers; layer++) {
            const T *w = x + 8 * layer * b, *bias = w + 4 * b;
            T *hidden = &state[2 * layer * b], *cell = hidden + b;
            for (size_t j = 0; j < b; j++) {
                T forget = sigmoid<T>(flow[j] * w[j] + bias[j]);
                T admit = sigmoid<T>(hidden[j] * w[b + j] + bias[b + j]);
                T emit = sigmoid<T>(flow[j] * w[2 * b + j] + bias[2 * b + j]);
                T change = tanh(hidden[j] * w[3 * b + j] + bias[3 * b + j]);
                cell[j] = cell[j] * forget + admit * change;
                hidden[j] = emit * tanh(cell[j]);
                flow[j] = hidden[j];
            }
        }
        T sum = 2.0;
        for (size_t j = 0; j < b; j++) {
            flow[j] = flow[j] * extra[b + j] + extra[2 * b + j];
            sum += exp(flow[j]);
        }
        T normaliser = log(sum);
        for (size_t j = 0; j < b; j++)
            loss += (flow[j] - normaliser) * sequence[(t + 1) * b + j];
    }
    return loss * (-1.0 / ((items - 1) * b));
}

// Camera, point, weight and feature, 17 numbers, to three residuals.
constexpr size_t INPUTS = 17, VARIABLES = 15, RESIDUALS = 3;

template <typename T> void observe(const T* x, T* residuals) {
    const T *r = x, *k = x + 9, *point = x + 11, &w = x[14], *feature = x + 15;
    T v[3], turned[3], image[2];
    for (int i = 0; i < 3; i++) v[i] = point[i] - x[3 + i];
    T square = r[0] * r[0] + r[1] * r[1] + r[2] * r[2];
    if (value_of(square) == 0.0) {
        for (int i = 0; i < 3; i++)
            turned[i] = v[i] + r[(i + 1) % 3] * v[(i + 2) % 3] - r[(i + 2) % 3] * v[(i + 1) % 3];
    } else {
        T angle = sqrt(square), sine = sin(angle), cosine = cos(angle), axis[3];
        for (int i = 0; i < 3; i++) axis[i] = r[i] / angle;
        T along = (axis[0] * v[0] + axis[1] * v[1] + axis[2] * v[2]) * (1.0 - cosine);
        for (int i = 0; i < 3; i++) {
            T cross = axis[(i + 1) % 3] * v[(i + 2) % 3] - axis[(i + 2) % 3] * v[(i + 1) % 3];
            turned[i] = v[i] * cosine + cross * sine + axis[i] * along;
        }
    }
    for (int i = 0; i < 2; i++) image[i] = turned[i] / turned[2];
    T distance = image[0] * image[0] + image[1] * image[1];
    T stretch = distance * k[0] + distance * distance * k[1] + 1.0;
    for (int i = 0; i < 2; i++)
        residuals[i] = (image[i] * stretch * x[6] + x[7 + i] - feature[i]) * w;
    residuals[2] = 1.0 - w * w;
}

// The least nanoseconds of a run.
double least(double seconds, const std::function<void()>& run) {
    using Clock = std::chrono::steady_clock;
    double least = INFINITY;
    auto begin = Clock::now();
    for (int runs = 0; runs < 3 || Clock::now() - begin < std::chrono::duration<double>(seconds);
         runs++) {
        auto start = Clock::now();
        run();
        std::chrono::duration<double, std::nano> time = Clock::now() - start;
        least = std::min(least, time.count());
    }
    return least;
}

struct Result {
    double plain, record, replay;
    Numbers derivatives;
};

template <typename Double, typename Active>
Result gradient(const Input& in, double seconds, Double plain, Active active) {
    const short tag = 1;
    size_t n = in.point.size();
    // Entries of each of ADOL-C's buffers, beyond which it would write the trace to a file. An
    // operation has up to three locations.
    size_t room = std::max<size_t>(1 << 19, 4 * (in.operations + n));
    Result result;
    result.derivatives.resize(n);
    volatile double sink;
    result.plain = least(seconds, [&] { sink = plain(in, in.point.data()); });
    (void)sink;
    std::vector<adouble> x(n);
    auto trace = [&] {
        double y;
        trace_on(tag, 1, room, room, room, room);
        for (size_t i = 0; i < n; i++) x[i] <<= in.point[i];
        adouble output = active(in, x.data());
        output >>= y;
        trace_off();
    };
    double one = 1.0, *seed = &one;
    result.record = least(seconds, [&] {
        trace();
        fos_reverse(tag, 1, n, seed, result.derivatives.data());
    });
    result.replay = least(seconds, [&] {
        ::gradient(tag, n, in.point.data(), result.derivatives.data());
    });
    return result;
}

// The data are the 17 numbers of each observation; the derivatives are laid out as in Rust.
Result bundle_adjustment(const Input& in, double seconds) {
    const short tag = 1;
    size_t p = in.sizes[0];
    Result result;
    result.derivatives.resize((2 * VARIABLES + 1) * p);
    Numbers residuals(RESIDUALS * p), rows(RESIDUALS * INPUTS);
    double* row[RESIDUALS];
    for (size_t i = 0; i < RESIDUALS; i++) row[i] = &rows[i * INPUTS];
    result.plain = least(seconds, [&] {
        for (size_t i = 0; i < p; i++) observe(&in.data[i * INPUTS], &residuals[i * RESIDUALS]);
    });
    auto store = [&](size_t i) {
        double* block = &result.derivatives[2 * VARIABLES * i];
        std::copy_n(row[0], VARIABLES, block);
        std::copy_n(row[1], VARIABLES, block + VARIABLES);
        result.derivatives[2 * VARIABLES * p + i] = row[2][VARIABLES - 1];
    };
    auto trace = [&](size_t i, int keep) {
        adouble x[INPUTS], outputs[RESIDUALS];
        double y;
        trace_on(tag, keep);
        for (size_t j = 0; j < INPUTS; j++) x[j] <<= in.data[i * INPUTS + j];
        observe(x, outputs);
        for (auto& output : outputs) output >>= y;
        trace_off();
    };
    const double identity[RESIDUALS][RESIDUALS] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    result.record = least(seconds, [&] {
        for (size_t i = 0; i < p; i++) {
            trace(i, 1);
            for (size_t j = 0; j < RESIDUALS; j++)
                fos_reverse(tag, RESIDUALS, INPUTS, const_cast<double*>(identity[j]), row[j]);
            store(i);
        }
    });
    trace(0, 0);
    result.replay = least(seconds, [&] {
        for (size_t i = 0; i < p; i++) {
            jacobian(tag, RESIDUALS, INPUTS, &in.data[i * INPUTS], row);
            store(i);
        }
    });
    return result;
}

// Not by the stream's operator for numbers, which is slow with a million of them.
double read_number() {
    std::string word;
    std::cin >> word;
    return std::strtod(word.c_str(), nullptr);
}

template <typename T> std::vector<T> read_list() {
    size_t length = read_number();
    std::vector<T> list(length);
    for (auto& item : list) item = T(read_number());
    return list;
}

Result run(const Input& in, double seconds) {
    if (in.problem == "lse") return gradient(in, seconds, lse<double>, lse<adouble>);
    if (in.problem == "llsq") return gradient(in, seconds, llsq<double>, llsq<adouble>);
    if (in.problem == "ode") return gradient(in, seconds, ode<double>, ode<adouble>);
    if (in.problem == "gmm") return gradient(in, seconds, gmm<double>, gmm<adouble>);
    if (in.problem == "lstm") return gradient(in, seconds, lstm<double>, lstm<adouble>);
    if (in.problem == "ba") return bundle_adjustment(in, seconds);
    std::cerr << "no problem " << in.problem << '\n';
    std::exit(2);
}

int main(int argc, char** argv) {
    std::ios::sync_with_stdio(false);
    Input in;
    std::cin >> in.problem;
    in.sizes = read_list<size_t>();
    in.data = read_list<double>();
    in.point = read_list<double>();
    if (argc != 3) {
        std::cerr << "usage: driver SECONDS OPERATIONS\n";
        return 2;
    }
    in.operations = std::strtoull(argv[2], nullptr, 10);
    Result result = run(in, std::atof(argv[1]));
    std::cout.precision(17);
    std::cout << result.plain << ' ' << result.record << ' ' << result.replay << '\n';
    for (double derivative : result.derivatives) std::cout << derivative << '\n';
}
