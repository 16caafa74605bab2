/* The workload as a loop in C: what one core of the machine can do. Eight cases at a time lie in the lanes of vectors, so
   that what is done for one is done for all; the compiler makes vector instructions of it. Cases come in multiples of
   eight: the caller fills up. Columns are whole numbers, one row for each case. */
#include <stdint.h>

#define LANES 8
#define MOST 64
typedef double V __attribute__((vector_size(64)));
typedef int64_t W __attribute__((vector_size(64)));
typedef const int32_t *restrict Column;

static inline V all(double x) { return (V){x, x, x, x, x, x, x, x}; }
static inline V pick(W when, V a, V b) { return (V)(((W)a & when) | ((W)b & ~when)); }
static inline V lower(V a, V b) { return pick(a < b, a, b); }
static inline V upper(V a, V b) { return pick(a > b, a, b); }
static inline V one_for(W when) { return (V)((W)all(1.0) & when); }
static inline W picked(W when, W a, W b) { return (a & when) | (b & ~when); }
static inline V read(Column c, long at, int states) {
  V made;
  for (int l = 0; l < LANES; l++) made[l] = c[at + (long)l * states];
  return made;
}
static inline void put(double *c, long at, int states, V v) {
  for (int l = 0; l < LANES; l++) c[at + (long)l * states] = v[l];
}
static inline int some(W when) {
  int64_t found = 0;
  for (int l = 0; l < LANES; l++) found |= when[l];
  return found != 0;
}

void w1(long cases, int states, Column security, Column area, Column pop, Column gdp, Column unemp, Column hosted,
        uint8_t *restrict eligible, double *restrict score, double *restrict portion, int32_t *restrict place) {
  const double weights[4] = {0.35, 0.25, 0.15, 0.25};
  for (long c = 0; c < cases; c += LANES) {
    long base = c * states;
    V x[4][MOST], size[MOST], found[MOST], key[MOST], rank[MOST], least[4], most[4];
    W able[MOST];
    for (int k = 0; k < 4; k++) { least[k] = all(1e300); most[k] = all(-1e300); }
    for (int s = 0; s < states; s++) {
      V people = read(pop, base + s, states);
      size[s] = read(area, base + s, states);
      able[s] = (read(security, base + s, states) >= all(500)) & (size[s] > all(20000));
      x[0][s] = read(gdp, base + s, states);
      x[1][s] = people;
      x[2][s] = read(unemp, base + s, states);
      x[3][s] = read(hosted, base + s, states) / people;
      found[s] = all(0);
      rank[s] = all(1);
      for (int k = 0; k < 4; k++) {
        least[k] = pick(able[s], lower(least[k], x[k][s]), least[k]);
        most[k] = pick(able[s], upper(most[k], x[k][s]), most[k]);
      }
    }
    V whole = all(0);
    for (int k = 0; k < 4; k++) {
      V width = most[k] - least[k];
      W usable = width > all(0);
      width = pick(usable, width, all(1));
      for (int s = 0; s < states; s++) {
        V part = (k < 2 ? x[k][s] - least[k] : most[k] - x[k][s]) / width;
        found[s] += (V)((W)(all(weights[k]) * part) & able[s] & usable);
      }
    }
    for (int s = 0; s < states; s++) { whole += found[s]; key[s] = pick(able[s], found[s], all(-1)); }
    whole = pick(whole > all(0), whole, all(1));
    for (int s = 0; s < states; s++)
      for (int t = s + 1; t < states; t++) {
        W ahead = (key[t] > key[s]) | ((key[t] == key[s]) & (size[t] > size[s]));
        rank[s] += one_for(ahead);
        rank[t] += one_for(~ahead);
      }
    for (int s = 0; s < states; s++) {
      put(score, base + s, states, found[s]);
      put(portion, base + s, states, found[s] / whole);
      V turn = (V)((W)rank[s] & able[s]);
      for (int l = 0; l < LANES; l++) {
        eligible[base + s + (long)l * states] = able[s][l] != 0;
        place[base + s + (long)l * states] = (int32_t)turn[l];
      }
    }
  }
}

void w2(long cases, int states, Column pop, Column gdp, Column apps, Column unemp, double *restrict key) {
  for (long c = 0; c < cases; c += LANES) {
    long base = c * states;
    V people[MOST], income[MOST], past[MOST], work[MOST];
    V p = all(0), g = all(0), a = all(0), u = all(0), whole = all(0);
    for (int s = 0; s < states; s++) {
      people[s] = read(pop, base + s, states);
      income[s] = read(gdp, base + s, states);
      past[s] = people[s] / upper(read(apps, base + s, states), all(1));
      work[s] = all(1) / read(unemp, base + s, states);
      p += people[s]; g += income[s]; a += past[s]; u += work[s];
    }
    for (int s = 0; s < states; s++) {
      V by_pop = people[s] / p, by_gdp = income[s] / g, cap = all(0.30) * (by_pop + by_gdp);
      people[s] = all(0.40) * by_pop + all(0.40) * by_gdp + all(0.10) * lower(past[s] / a, cap) +
                  all(0.10) * lower(work[s] / u, cap);
      whole += people[s];
    }
    for (int s = 0; s < states; s++) put(key, base + s, states, people[s] / whole);
  }
}

static const double LOW[8] = {0, 10000, 50000, 100000, 500000, 1000000, 5000000, 1e300};
static const double RATE[7] = {2e-4, 4e-4, 6e-4, 8e-4, 1e-3, 1.2e-3, 1.5e-3};

void w3(long cases, int states, Column gnp, double *restrict share) {
  for (long c = 0; c < cases; c += LANES) {
    long base = c * states;
    V weight[MOST], found[MOST], rest = all(1);
    W free[MOST], live = (W)all(1) == (W)all(1);
    for (int s = 0; s < states; s++) {
      V x = read(gnp, base + s, states), made = all(0);
      for (int b = 0; b < 7; b++) made += upper(lower(x, all(LOW[b + 1])) - all(LOW[b]), all(0)) * all(RATE[b]);
      weight[s] = made; found[s] = all(0); free[s] = live;
    }
    while (some(live)) {
      V whole = all(0), pull = all(0), gone = all(0);
      W moved = live ^ live, left = live ^ live;
      for (int s = 0; s < states; s++) whole += (V)((W)weight[s] & free[s]);
      V factor = (V)((W)(rest / whole) & (whole > all(0)));
      for (int s = 0; s < states; s++) {
        V v = weight[s] * factor;
        W at = free[s] & live;
        pull += (V)((W)(all(0.0001) - v) & at & (v < all(0.0001))) - (V)((W)(v - all(0.25)) & at & (v > all(0.25)));
      }
      for (int s = 0; s < states; s++) {
        V v = weight[s] * factor;
        W at = free[s] & live, over = at & (v > all(0.25)) & (pull <= all(0)), under = at & (v < all(0.0001)) & (pull >= all(0));
        V made = pick(over, all(0.25), pick(under, all(0.0001), v));
        found[s] = pick(at, made, found[s]);
        free[s] &= ~(over | under);
        gone += (V)((W)made & (over | under));
        moved |= over | under;
        left |= free[s];
      }
      rest -= (V)((W)gone & live);
      live &= moved & left;
    }
    for (int s = 0; s < states; s++) put(share, base + s, states, found[s]);
  }
}

void w4(long cases, int states, Column pop, const int64_t *restrict key, int64_t *restrict places) {
  for (long c = 0; c < cases; c += LANES) {
    long base = c * states;
    W k[MOST], most[MOST], got[MOST], active[MOST], left, whole, none = {0}, yes = ~none;
    V beyond[MOST], by_key[MOST], turn[MOST];
    for (int l = 0; l < LANES; l++) left[l] = 120000;
    for (int s = 0; s < states; s++) {
      for (int l = 0; l < LANES; l++) {
        k[s][l] = key[base + s + (long)l * states];
        most[s][l] = (int64_t)pop[base + s + (long)l * states] * 3 / 10000;
      }
      by_key[s] = __builtin_convertvector(k[s], V);
      got[s] = none; active[s] = yes; turn[s] = all(0);
    }
    for (;;) {
      W gone = none, any = none;
      whole = none;
      for (int s = 0; s < states; s++) whole += k[s] & active[s];
      for (int s = 0; s < states; s++) {
        W full = active[s] & (left * k[s] > most[s] * whole);
        got[s] = picked(full, most[s], got[s]);
        gone += most[s] & full;
        active[s] &= ~full;
        any |= full;
      }
      left -= gone;
      if (!some(any)) break;
    }
    V divisor = __builtin_convertvector(whole, V);
    W over = left;
    for (int s = 0; s < states; s++) {
      W product = left * k[s];
      W each = __builtin_convertvector(__builtin_convertvector(product, V) / divisor, W);
      W rest = product - each * whole;
      each += rest < none; rest += whole & (rest < none);
      each -= rest >= whole; rest -= whole & (rest >= whole);
      got[s] = picked(active[s], each, got[s]);
      over -= each & active[s];
      beyond[s] = pick(active[s], __builtin_convertvector(rest, V), all(-1));
    }
    for (int s = 0; s < states; s++)
      for (int t = s + 1; t < states; t++) {
        W ahead = (beyond[t] > beyond[s]) | ((beyond[t] == beyond[s]) & (by_key[t] > by_key[s]));
        turn[s] += one_for(ahead);
        turn[t] += one_for(~ahead);
      }
    V extra = __builtin_convertvector(over, V);
    for (int s = 0; s < states; s++) {
      W made = got[s] - (active[s] & (turn[s] < extra));
      for (int l = 0; l < LANES; l++) places[base + s + (long)l * states] = made[l];
    }
  }
}
