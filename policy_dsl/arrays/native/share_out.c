/* A total shared by weights within one level of limits, and in whole steps by largest remainder: `Sharing` in
   plan/kernels.py. The same operations in the same order as arrays/clear/sharing.py, which says why a lane that proves
   itself is right; lanes that don't are left to numpy (`hatch`). Lanes that have come to their end go round with the
   others and do not change.

   Defined for each kernel: IN(m), TOTAL, TOTAL_OFF, WEIGHT(m), WEIGHT_OFF(m), LOW(m), LOW_OFF(m), HIGH(m), HIGH_OFF(m),
   as values of the lane l; HAS_LOW, HAS_HIGH, WHOLE, STEPS, LIMITS_WHOLE (and the total too)
   as one or nothing; BOUND; NAME. PUT_x(m) is the place of the
   result x in the lane, for each that is used. */
#define ROUNDS 12
#define MOST 1e290
#define EVERY(lanes, what) lanes[l] = (what) ? lanes[l] : 0.0
#define AT(x) x[m * L + l]
/* What is no number stays so: its lane is left to numpy. */
#define ABOVE(s) if (HAS_LOW) s = (s > AT(low)) | (s != s) ? s : AT(low)
#define BELOW(s) if (HAS_HIGH) s = (s < AT(high)) | (s != s) ? s : AT(high)

static NOINLINE void NAME(double *restrict w, double *restrict hatch) {
  double weight[M * L], low[M * L], high[M * L], due[M * L], pinned[M * L], held[M * L], share_off[M * L];
  double scale[L], rest[L], factor[L], all_pinned[L], clear[L], full[L], off[L];
  LANES EACH { scale[l] = 0.0; all_pinned[l] = 0.0; clear[l] = 1.0; full[l] = 0.0; off[l] = 0.0; }
  for (int m = 0; m < M; m++) LANES EACH {
    const _Bool in = IN(m);
    const double x = in ? WEIGHT(m) : 0.0;
    AT(weight) = x; scale[l] += x;
    AT(low) = in ? LOW(m) : 0.0; AT(high) = in ? HIGH(m) : INF;
    AT(pinned) = 0.0; AT(held) = 0.0;
  }
  LANES EACH { rest[l] = TOTAL; factor[l] = rest[l] / scale[l]; }

#if HAS_LOW || HAS_HIGH
  /* The factor, by Newton's method. */
  for (int round = 0; round < ROUNDS; round++) {
    double sum[L], slope[L], moved[L];
    LANES EACH { sum[l] = 0.0; slope[l] = 0.0; }
    for (int m = 0; m < M; m++) LANES EACH {
      const double x = AT(weight), d = x * factor[l];
      double s = d;
      ABOVE(s); BELOW(s);
      sum[l] += s; slope[l] += s == d ? x : 0.0;
    }
    LANES EACH {
      const double f = factor[l], step = (TOTAL - sum[l]) / slope[l], next = f + step;
      const _Bool on = (__builtin_fabs(step) > 64 * BOUND * f) & (f < MOST);
      factor[l] = on ? (next < MOST ? next : MOST) : f;
      moved[l] = on ? 1.0 : 0.0;
    }
    int again = 0;
    EACH again |= moved[l] != 0.0;
    if (!again) break;
  }
  LANES EACH scale[l] = 0.0;
  for (int m = 0; m < M; m++) LANES EACH {
    const double x = AT(weight), d = x * factor[l];
    double s = d;
    ABOVE(s); BELOW(s);
    const _Bool free = s == d;
    const double side = d > AT(high) ? 1.0 : d < AT(low) ? -1.0 : 2.0;
    AT(held) = free ? 0.0 : side;
    AT(pinned) = free ? 0.0 : s;
    all_pinned[l] += free ? 0.0 : s;
    scale[l] += free ? x : 0.0;
  }
  LANES EACH {
    rest[l] = TOTAL - all_pinned[l];
    const double f = rest[l] / scale[l];
    factor[l] = (f < MOST) | (f != f) ? f : MOST;
  }
#endif
  for (int m = 0; m < M; m++) LANES EACH AT(due) = AT(weight) * factor[l];

  /* The proof. `held` is −1 at a floor, 1 at a ceiling, 2 where there was no telling. */
  LANES EACH {
#if HAS_HIGH && !HAS_LOW
    full[l] = (scale[l] == 0.0) & (rest[l] > 0.0) & (all_pinned[l] > 0.0) ? 1.0 : 0.0;
#endif
    clear[l] = ((scale[l] > 0.0) & (rest[l] > 0.0)) | (full[l] != 0.0) ? 1.0 : 0.0;
  }
#if HAS_LOW
  { /* All floors surely below the total, and each surely not above its ceiling. */
    double needed[L];
    LANES EACH needed[l] = 0.0;
    for (int m = 0; m < M; m++) LANES EACH {
      const _Bool in = IN(m);
      const double above = AT(low) + (in ? LOW_OFF(m) : 0.0);
      needed[l] += above;
#if HAS_HIGH
      EVERY(clear, above <= AT(high) - (in ? HIGH_OFF(m) : 0.0));
#endif
    }
    LANES EACH {
      double room = TOTAL;
      if (!WHOLE) room = room - TOTAL_OFF - (M + 2) * BOUND * (needed[l] + __builtin_fabs(room));
      EVERY(clear, needed[l] <= room);
    }
  }
#endif
#if WHOLE
  for (int m = 0; m < M; m++) LANES EACH {
    const double d = AT(weight) * rest[l];
#if HAS_LOW
    { const double edge = AT(low) * scale[l];
      EVERY(clear, ((d < edge) == (AT(held) == -1.0)) & ((d != edge) | (edge <= 0.0))); }
#endif
#if HAS_HIGH
    { const double edge = AT(high) * scale[l];
      EVERY(clear, ((d > edge) == (AT(held) == 1.0)) & (d != edge)); }
#endif
    AT(share_off) = AT(held) != 0.0 ? 0.0 : AT(due) * (2 * BOUND);
  }
#else
  {
    double scale_off[L], factor_off[L];
    LANES EACH { off[l] = TOTAL_OFF; scale_off[l] = 0.0; }
    for (int m = 0; m < M; m++) LANES EACH {
      const double h = AT(held);
      off[l] += (h == -1.0 ? LOW_OFF(m) : 0.0) + (h == 1.0 ? HIGH_OFF(m) : 0.0);
      const double o = IN(m) ? WEIGHT_OFF(m) : 0.0;
      scale_off[l] += h != 0.0 ? 0.0 : o;
      EVERY(clear, (full[l] == 0.0) | (o < AT(weight)) | (o <= 0.0));
    }
    LANES EACH {
      if (!LIMITS_WHOLE) off[l] += (M + 2) * BOUND * (__builtin_fabs(TOTAL) + all_pinned[l]);
      const double so = scale_off[l] + M * BOUND * scale[l], f = __builtin_fabs(factor[l]);
      factor_off[l] = (off[l] + f * so) / (scale[l] - so) + BOUND * f;
      EVERY(clear, ((so < scale[l]) | (full[l] != 0.0)) & (off[l] < rest[l]));
    }
    for (int m = 0; m < M; m++) LANES EACH {
      const _Bool in = IN(m), all = full[l] != 0.0;
      const double f = __builtin_fabs(factor[l]), d = AT(due), o = in ? WEIGHT_OFF(m) : 0.0, h = AT(held);
      const double d_off = AT(weight) * factor_off[l] + 2 * BOUND * d + (o > 0.0 ? o * (f + factor_off[l]) : 0.0);
      double mine = all ? 0.0 : d_off;
#if HAS_LOW
      { const double x = AT(low), xo = in ? LOW_OFF(m) : 0.0;
        const _Bool sure = (__builtin_fabs(x - d) > d_off + xo) | ((x <= 0.0) & (xo <= 0.0));
        EVERY(clear, sure & ((d < x) == (h == -1.0)));
        mine = h == -1.0 ? xo : mine; }
#endif
#if HAS_HIGH
      { const double x = AT(high), xo = in ? HIGH_OFF(m) : 0.0;
        const _Bool sure = (__builtin_fabs(x - d) > d_off + xo) | (x == INF) | all;
        EVERY(clear, sure & ((d > x) == (h == 1.0)));
        mine = h == 1.0 ? xo : mine; }
#endif
      AT(share_off) = mine;
    }
  }
#endif
  /* From here on `due` is the share. */
  for (int m = 0; m < M; m++) LANES EACH {
    AT(due) = AT(held) != 0.0 ? AT(pinned) : AT(due);
    EVERY(clear, AT(held) != 2.0);
  }

#if STEPS
  /* Each its whole part, the rest one each to the greatest remainders. */
  double got[M * L], waiting[M * L], place[M * L], floor[M * L], top[M * L];
  double total[L], steps[L], left[L], ready[L], given[L], room[L], least[L], most[L], total_off[L];
  LANES EACH {
    const double t = full[l] != 0.0 ? all_pinned[l] : TOTAL, o = WHOLE || full[l] != 0.0 ? 0.0 : TOTAL_OFF;
    total[l] = t; total_off[l] = o; steps[l] = __builtin_floor(t); left[l] = steps[l]; ready[l] = 0.0; given[l] = 0.0;
    EVERY(clear, (__builtin_fabs(t - __builtin_rint(t)) > o) | (o <= 0.0));
    room[l] = 0.0; least[l] = INF; most[l] = -INF;
  }
  for (int m = 0; m < M; m++) LANES EACH {
    const double q = AT(due), a = AT(held) == -1.0 ? AT(pinned) : 0.0, b = IN(m) ? HIGH(m) : 0.0;
    const _Bool taker = (q != 0.0) & (b > a);
    double g = __builtin_floor(q);
    g = g > a ? g : a;
    g = g < b ? g : b;
#if WHOLE
    const double tops = AT(held) != 0.0 ? AT(pinned) * scale[l] : AT(weight) * rest[l];
    const double claim = tops - g * scale[l];
#else
    const double claim = q - g;
    { const double o = AT(share_off) + BOUND * __builtin_fabs(q); EVERY(clear, (q > o) | (o <= 0.0)); }
#endif
    const double x = taker & (g < b) ? claim : -INF;
    left[l] -= g; ready[l] += x >= 0.0 ? 1.0 : 0.0;
    room[l] += taker ? b - a : 0.0; steps[l] -= a;
    AT(got) = g; AT(waiting) = x; AT(place) = 0.0; AT(floor) = a; AT(top) = taker ? b : -INF;
  }
  LANES EACH {
    EVERY(clear, (left[l] >= 0.0) & (left[l] <= ready[l]));
#if HAS_HIGH
    EVERY(clear, (room[l] > steps[l]) | (full[l] != 0.0));
#else
    EVERY(clear, room[l] > 0.0);
#endif
  }
  for (int i = 0; i < M; i++) place_row(i, waiting, place);
  for (int m = 0; m < M; m++) LANES EACH {
    const _Bool more = (AT(place) < left[l]) & (AT(waiting) > -INF);
    AT(got) += more ? 1.0 : 0.0; given[l] += more ? 1.0 : 0.0;
#if !WHOLE
    /* Every claim met is surely greater than every claim that was not. */
    const double q = AT(due), g = AT(got), claim = q - g, o = AT(share_off) + BOUND * __builtin_fabs(q);
    const double x = (g < AT(top)) ? claim + o : -INF, y = (AT(top) > -INF) & (g > AT(floor)) ? claim + 1.0 - o : INF;
    most[l] = x > most[l] ? x : most[l]; least[l] = y < least[l] ? y : least[l];
#endif
  }
  LANES EACH EVERY(clear, (given[l] == left[l]) & (WHOLE || least[l] > most[l]));
#endif

  LANES EACH {
    hatch[l] = clear[l] != 0.0 ? hatch[l] : 1.0;
#ifdef PUT_residue
    PUT_residue(0) = total[l] - __builtin_floor(total[l]);
#endif
#ifdef PUT_residue_off
    PUT_residue_off(0) = total_off[l];
#endif
#ifdef PUT_unplaced
    PUT_unplaced(0) = 0.0;
#endif
#ifdef PUT_open
    PUT_open(0) = 0.0;
#endif
#ifdef PUT_close
    PUT_close(0) = 0.0;
#endif
#ifdef PUT_conflict
    PUT_conflict(0) = 0.0;
#endif
#ifdef PUT_uncovered
    PUT_uncovered(0) = full[l] != 0.0 ? rest[l] : 0.0;
#endif
#ifdef PUT_uncovered_off
    PUT_uncovered_off(0) = full[l] != 0.0 ? off[l] : 0.0;
#endif
  }
  for (int m = 0; m < M; m++) LANES EACH {
#ifdef PUT_share
    PUT_share(m) = AT(due);
#endif
#ifdef PUT_share_off
    PUT_share_off(m) = AT(share_off);
#endif
#ifdef PUT_at_floor
    PUT_at_floor(m) = AT(held) == -1.0 ? 1.0 : 0.0;
#endif
#ifdef PUT_at_ceiling
    PUT_at_ceiling(m) = AT(held) == 1.0 ? 1.0 : 0.0;
#endif
#ifdef PUT_steps
    PUT_steps(m) = AT(got);
#endif
  }
}
#undef ROUNDS
#undef MOST
#undef EVERY
#undef AT
#undef ABOVE
#undef BELOW
