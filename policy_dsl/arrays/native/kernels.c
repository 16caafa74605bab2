/* Whether any lane of a truth is set. */
static inline int any_lane(const u8 *restrict s) {
  unsigned long long found = 0, part;
  for (int i = 0; i < L / 8; i++) { __builtin_memcpy(&part, s + 8 * i, 8); found |= part; }
  return found != 0;
}

/* The member i against all after it: who surely comes first is counted before the other, the rest is left open. */
static NOINLINE void rank_row(int i, const double *restrict low, const double *restrict high, double *restrict place, u8 *restrict open) {
  double own[L], a[L], b[L];
  LANES EACH { own[l] = place[i * L + l]; a[l] = low[i * L + l]; b[l] = high[i * L + l]; }
  for (int j = i + 1; j < M; j++) LANES EACH {
    const _Bool first = a[l] > high[j * L + l], second = low[j * L + l] > b[l];
    own[l] += second ? 1.0 : 0.0;
    place[j * L + l] += first ? 1.0 : 0.0;
    open[j * L + l] = !(first | second);
  }
  LANES EACH place[i * L + l] = own[l];
}

/* The member i against all after it: how many have a greater value is counted for each. */
static NOINLINE void place_row(int i, const double *restrict value, double *restrict place) {
  double own[L], a[L];
  LANES EACH { own[l] = place[i * L + l]; a[l] = value[i * L + l]; }
  for (int j = i + 1; j < M; j++) LANES EACH {
    const double b = value[j * L + l];
    own[l] += b > a[l] ? 1.0 : 0.0;
    place[j * L + l] += a[l] > b ? 1.0 : 0.0;
  }
  LANES EACH place[i * L + l] = own[l];
}
