/* Cases in lanes: a block of L cases is computed at a time, each operation in all lanes at once. A value of each member
   stands in a slot of M times L figures, one of the case in a slot of L. Truths stand there as one and nothing. */
typedef __INT32_TYPE__ i32;
typedef __INT64_TYPE__ i64;
typedef unsigned char u8;
#define INF __builtin_inf()
#define NONE __builtin_nan("")
#define NOINLINE __attribute__((noinline))
#if defined(_WIN32)
#define DOOR __declspec(dllexport)
#else
#define DOOR __attribute__((visibility("default")))
#endif
#if defined(__clang__)
#define L 8
#define LANES _Pragma("clang loop vectorize(assume_safety) unroll(disable)")
#else
/* gcc takes a loop of eight apart before it comes to make vectors of it. */
#define L 16
#define LANES _Pragma("GCC ivdep")
#endif
#define EACH for (int l = 0; l < L; l++)

/* Columns into slots, by the kind of their figures: 0 int32, 1 int64, 2 float64, 3 bool. Lanes without a case of their
   own repeat the first one. */
#define TAKE(name, type)                                                                            \
  static NOINLINE void take_##name(const type *restrict s, i64 c, int n, double *restrict d) {      \
    s += c * M;                                                                                     \
    if (n == L)                                                                                     \
      for (int l = 0; l < L; l++) for (int m = 0; m < M; m++) d[m * L + l] = (double)s[l * M + m];  \
    else                                                                                            \
      for (int l = 0; l < L; l++) for (int m = 0; m < M; m++) d[m * L + l] = (double)s[(l < n ? l : 0) * M + m]; \
  }                                                                                                 \
  static inline void take_case_##name(const type *restrict s, i64 c, int n, double *restrict d) {   \
    EACH d[l] = (double)s[c + (l < n ? l : 0)];                                                     \
  }
TAKE(i32, i32)
TAKE(i64, i64)
TAKE(f64, double)
TAKE(u8, u8)
#define BY_KIND(f)                                                                                  \
  static inline void f(i32 kind, const void *s, i64 c, int n, double *restrict d) {                 \
    if (kind == 0) f##_i32(s, c, n, d);                                                             \
    else if (kind == 1) f##_i64(s, c, n, d);                                                        \
    else if (kind == 2) f##_f64(s, c, n, d);                                                        \
    else f##_u8(s, c, n, d);                                                                        \
  }
BY_KIND(take)
BY_KIND(take_case)

/* Slots into results: of each member, of the case for each member, of the case. */
#define GIVE(form, type, value)                                                                     \
  static NOINLINE void give_##form(void *o, i64 c, int n, const double *restrict s) {               \
    type *restrict d = (type *)o + c * M;                                                           \
    if (n == L)                                                                                     \
      for (int l = 0; l < L; l++) for (int m = 0; m < M; m++) { const double x = s[m * L + l]; d[l * M + m] = (type)(value); } \
    else                                                                                            \
      for (int l = 0; l < n; l++) for (int m = 0; m < M; m++) { const double x = s[m * L + l]; d[l * M + m] = (type)(value); } \
  }                                                                                                 \
  static inline void give_wide_##form(void *o, i64 c, int n, const double *restrict s) {            \
    type *restrict d = (type *)o + c * M;                                                           \
    for (int l = 0; l < n; l++) for (int m = 0; m < M; m++) { const double x = s[l]; d[l * M + m] = (type)(value); } \
  }                                                                                                 \
  static inline void give_case_##form(void *o, i64 c, int n, const double *restrict s) {            \
    type *restrict d = (type *)o + c;                                                               \
    for (int l = 0; l < n; l++) { const double x = s[l]; d[l] = (type)(value); }                    \
  }
GIVE(figure, double, x)
GIVE(truth, u8, x != 0.0)
GIVE(whole, i64, __builtin_rint(x))

static inline void fill(double *restrict d, const double *restrict s) {
  for (int m = 0; m < M; m++) EACH d[m * L + l] = s[m];
}
static inline void fill_case(double *restrict d, const double *restrict s) {
  EACH d[l] = s[0];
}
