// Softmax cross entropy with a label a lane.

// An infinite limit cuts nothing, be the loss infinite too.
INLINE int NAME(is_cut)(REAL loss, REAL limit) { return limit < INFINITY && loss >= limit; }

static void NAME(cross_entropy)(size_t classes, size_t lanes, size_t count, const REAL *logits,
                                const int32_t *labels, REAL limit, REAL scale, REAL *losses,
                                REAL *probabilities, REAL *slopes) {
  for (size_t l = 0; l < lanes; l += WIDTH) {
    Vec most = NAME(load)(logits + l);
    for (size_t c = 1; c < classes; c++) most = NAME(max)(NAME(load)(logits + c * lanes + l), most);
    Vec sum = NAME(all)(0);
    for (size_t c = 0; c < classes; c++) {
      const Vec power = NAME(exp)(NAME(load)(logits + c * lanes + l) - most);
      NAME(store)(probabilities + c * lanes + l, power);
      sum += power;
    }
    const Vec share = 1 / sum;
    for (size_t c = 0; c < classes; c++)
      NAME(store)(probabilities + c * lanes + l,
                  NAME(load)(probabilities + c * lanes + l) * share);
    Vec chosen = NAME(all)(0);
    for (size_t i = 0; i < WIDTH && l + i < count; i++)
      chosen[i] = logits[(size_t)labels[l + i] * lanes + l + i];
    NAME(store)(losses + l, NAME(log)(sum) - (chosen - most));
  }
  for (size_t l = count; l < lanes; l++) losses[l] = 0;
  if (slopes) {
    for (size_t c = 0; c < classes; c++)
      for (size_t l = 0; l < lanes; l++) {
        const int counts = l < count && !NAME(is_cut)(losses[l], limit);
        const REAL target = labels[l < count ? l : 0] == (int32_t)c;
        slopes[c * lanes + l] = counts ? scale * (probabilities[c * lanes + l] - target) : 0;
      }
  }
  for (size_t l = 0; l < count; l++)
    if (losses[l] > limit) losses[l] = limit;
}

static void NAME(cross_entropy_tangent)(size_t classes, size_t lanes, size_t count,
                                        const REAL *tangents, const int32_t *labels, REAL limit,
                                        REAL scale, const REAL *losses, const REAL *probabilities,
                                        REAL *loss_tangents, REAL *slope_tangents) {
  for (size_t l = 0; l < lanes; l += WIDTH) {
    Vec mean = NAME(all)(0);
    for (size_t c = 0; c < classes; c++)
      mean = NAME(fma)(NAME(load)(probabilities + c * lanes + l),
                       NAME(load)(tangents + c * lanes + l), mean);
    NAME(store)(loss_tangents + l, mean);
  }
  if (slope_tangents)
    for (size_t c = 0; c < classes; c++)
      for (size_t l = 0; l < lanes; l++) {
        const size_t i = c * lanes + l;
        slope_tangents[i] = l < count && !NAME(is_cut)(losses[l], limit)
                                ? scale * probabilities[i] * (tangents[i] - loss_tangents[l])
                                : 0;
      }
  for (size_t l = 0; l < lanes; l++)
    loss_tangents[l] = l < count && !NAME(is_cut)(losses[l], limit)
                           ? loss_tangents[l] - tangents[(size_t)labels[l] * lanes + l]
                           : 0;
}
