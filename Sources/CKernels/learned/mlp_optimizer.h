// MLPLOpt on one inner tensor: eight features a parameter, normalized over the tensor, go through a
// small network whose two outputs make the step.

#define FEATURES 8
#define TIME_FEATURES 11
#define MOMENTA 6
// Parameters that go through the network together: their activations take 28 kB at the usual sizes.
// Where sums over parameters are taken, more of them share the cost of adding up the lanes.
#define CHUNK 96
#define LONG_CHUNK 384
#define PADDED(count) (((count) + 15) / 16 * 16)

static const REAL NAME(decays)[MOMENTA] = {(REAL)0.1,  (REAL)0.5,   (REAL)0.9,
                                           (REAL)0.99, (REAL)0.999, (REAL)0.9999};
static const REAL NAME(step_scale) = (REAL)0.001;

// The first numbers of a row that ends before a vector does; zeros after them.
INLINE Vec NAME(load_some)(const REAL *from, size_t count) {
  if (count >= WIDTH) return NAME(load)(from);
  REAL lanes[WIDTH] = {0};
  for (size_t i = 0; i < count; i++) lanes[i] = from[i];
  return NAME(load)(lanes);
}

INLINE void NAME(store_some)(REAL *to, Vec value, size_t count) {
  if (count >= WIDTH) {
    NAME(store)(to, value);
    return;
  }
  REAL lanes[WIDTH];
  NAME(store)(lanes, value);
  for (size_t i = 0; i < count; i++) to[i] = lanes[i];
}

// The network's layers one after another, in θ.
struct NAME(Layer) {
  size_t inputs, outputs;
  // Where its w begins, counted from θ's first number; its b ends there.
  size_t weights;
};

INLINE struct NAME(Layer) NAME(layer)(size_t index, size_t layers, size_t hidden) {
  const size_t first = layers == 1 ? 2 : hidden;
  if (index == 0) return (struct NAME(Layer)){FEATURES, first, first};
  const size_t outputs = index + 1 == layers ? 2 : hidden;
  const size_t start = first * (1 + FEATURES + TIME_FEATURES) + (index - 1) * hidden * (1 + hidden);
  return (struct NAME(Layer)){hidden, outputs, start + outputs};
}

// The input of layer `index` among the activations of a chunk; that of layer `layers` is the
// output.
INLINE REAL *NAME(input)(REAL *activations, size_t index, size_t hidden, size_t lanes) {
  return index == 0 ? activations : activations + (FEATURES + (index - 1) * hidden) * lanes;
}

// Runs the network on the features that are the first rows of `activations`.
static void NAME(run_network)(size_t lanes, size_t layers, size_t hidden, const REAL *weights,
                              const REAL *bias, REAL *activations) {
  for (size_t k = 0; k < layers; k++) {
    const struct NAME(Layer) layer = NAME(layer)(k, layers, hidden);
    REAL *out = NAME(input)(activations, k + 1, hidden, lanes);
    NAME(dense_layer)(layer.inputs, layer.outputs, lanes, weights + layer.weights, layer.outputs,
                      1, k == 0 ? bias : weights + layer.weights - layer.outputs, 0,
                      k + 1 < layers, NULL, NAME(input)(activations, k, hidden, lanes), out);
  }
}

// 1/√(1e-5 + mean square) from a sum of squares.
INLINE REAL NAME(normalizer)(Vec squares, size_t count) {
  const Vec mean = NAME(all)((REAL)1e-5 + NAME(total)(squares) / (REAL)count);
  return (1 / __builtin_elementwise_sqrt(mean))[0];
}

static void NAME(mlp_optimizer_update)(size_t count, size_t layers, size_t hidden,
                                       const REAL *weights, const REAL *bias, REAL *parameters,
                                       REAL *momenta, size_t stride, const REAL *gradient,
                                       REAL *scratch) {
  Vec squares[FEATURES];
  for (size_t f = 0; f < FEATURES; f++) squares[f] = NAME(all)(0);
  for (size_t i = 0; i < count; i += WIDTH) {
    const size_t some = count - i;
    const Vec g = NAME(load_some)(gradient + i, some);
    const Vec p = NAME(load_some)(parameters + i, some);
    squares[0] = NAME(fma)(g, g, squares[0]);
    squares[1] = NAME(fma)(p, p, squares[1]);
    for (size_t d = 0; d < MOMENTA; d++) {
      const REAL decay = NAME(decays)[d];
      REAL *row = momenta + d * stride + i;
      const Vec m = NAME(fma)(NAME(all)(decay), NAME(load_some)(row, some), (1 - decay) * g);
      NAME(store_some)(row, m, some);
      squares[2 + d] = NAME(fma)(m, m, squares[2 + d]);
    }
  }
  REAL normalizers[FEATURES];
  for (size_t f = 0; f < FEATURES; f++) normalizers[f] = NAME(normalizer)(squares[f], count);

  for (size_t start = 0; start < count; start += CHUNK) {
    const size_t size = count - start < CHUNK ? count - start : CHUNK;
    const size_t lanes = PADDED(size);
    for (size_t f = 0; f < FEATURES; f++) {
      const REAL *row = f == 0   ? gradient
                        : f == 1 ? parameters
                                 : momenta + (f - 2) * stride;
      for (size_t l = 0; l < lanes; l += WIDTH)
        NAME(store)(scratch + f * lanes + l,
                    normalizers[f] * (l < size ? NAME(load_some)(row + start + l, size - l)
                                               : NAME(all)(0)));
    }
    NAME(run_network)(lanes, layers, hidden, weights, bias, scratch);
    const REAL *out = NAME(input)(scratch, layers, hidden, lanes);
    for (size_t l = 0; l < size; l += WIDTH) {
      const Vec power = NAME(exp)(NAME(step_scale) * NAME(load)(out + lanes + l));
      const Vec step = NAME(load)(out + l) * power * NAME(step_scale);
      REAL *p = parameters + start + l;
      NAME(store_some)(p, NAME(load_some)(p, size - l) - step, size - l);
    }
  }
}

static void NAME(mlp_optimizer_push_forward)(
    size_t count, size_t layers, size_t hidden, const REAL *weights, const REAL *bias,
    const REAL *weight_tangents, const REAL *bias_tangents, REAL *parameters, REAL *momenta,
    size_t stride, const REAL *gradient, REAL *parameter_tangents, REAL *momentum_tangents,
    const REAL *gradient_tangents, REAL *scratch) {
  REAL *activations = scratch;
  REAL *tangents = activations + (FEATURES + layers * hidden + 2) * CHUNK;
  Vec squares[FEATURES], mixed[FEATURES];
  for (size_t f = 0; f < FEATURES; f++) squares[f] = mixed[f] = NAME(all)(0);
  for (size_t i = 0; i < count; i += WIDTH) {
    const size_t some = count - i;
    const Vec g = NAME(load_some)(gradient + i, some);
    const Vec g_tangent = NAME(load_some)(gradient_tangents + i, some);
    const Vec p = NAME(load_some)(parameters + i, some);
    squares[0] = NAME(fma)(g, g, squares[0]);
    mixed[0] = NAME(fma)(g, g_tangent, mixed[0]);
    squares[1] = NAME(fma)(p, p, squares[1]);
    mixed[1] = NAME(fma)(p, NAME(load_some)(parameter_tangents + i, some), mixed[1]);
    for (size_t d = 0; d < MOMENTA; d++) {
      const REAL decay = NAME(decays)[d];
      REAL *row = momenta + d * stride + i;
      const Vec m = NAME(fma)(NAME(all)(decay), NAME(load_some)(row, some), (1 - decay) * g);
      REAL *tangent_row = momentum_tangents + d * stride + i;
      const Vec tangent =
          NAME(fma)(NAME(all)(decay), NAME(load_some)(tangent_row, some), (1 - decay) * g_tangent);
      NAME(store_some)(row, m, some);
      NAME(store_some)(tangent_row, tangent, some);
      squares[2 + d] = NAME(fma)(m, m, squares[2 + d]);
      mixed[2 + d] = NAME(fma)(m, tangent, mixed[2 + d]);
    }
  }
  REAL normalizers[FEATURES], slopes[FEATURES];
  for (size_t f = 0; f < FEATURES; f++) {
    const REAL r = normalizers[f] = NAME(normalizer)(squares[f], count);
    slopes[f] = -r * r * r * NAME(total)(mixed[f]) / (REAL)count;
  }

  for (size_t start = 0; start < count; start += CHUNK) {
    const size_t size = count - start < CHUNK ? count - start : CHUNK;
    const size_t lanes = PADDED(size);
    for (size_t f = 0; f < FEATURES; f++) {
      const REAL *row = f == 0 ? gradient : f == 1 ? parameters : momenta + (f - 2) * stride;
      const REAL *tangent_row = f == 0   ? gradient_tangents
                                : f == 1 ? parameter_tangents
                                         : momentum_tangents + (f - 2) * stride;
      for (size_t l = 0; l < lanes; l += WIDTH) {
        const size_t some = l < size ? size - l : 0;
        const Vec x = NAME(load_some)(row + start + l, some);
        const Vec tangent = NAME(load_some)(tangent_row + start + l, some);
        NAME(store)(activations + f * lanes + l, normalizers[f] * x);
        NAME(store)(tangents + f * lanes + l,
                    NAME(fma)(NAME(all)(slopes[f]), x, normalizers[f] * tangent));
      }
    }
    NAME(run_network)(lanes, layers, hidden, weights, bias, activations);
    for (size_t k = 0; k < layers; k++) {
      const struct NAME(Layer) layer = NAME(layer)(k, layers, hidden);
      REAL *out = NAME(input)(tangents, k + 1, hidden, lanes);
      if (weight_tangents)
        NAME(dense)(layer.inputs, layer.outputs, lanes, weight_tangents + layer.weights,
                    layer.outputs, 1,
                    k == 0 ? bias_tangents : weight_tangents + layer.weights - layer.outputs, 0,
                    NAME(input)(activations, k, hidden, lanes), out);
      NAME(dense_layer)(layer.inputs, layer.outputs, lanes, weights + layer.weights,
                        layer.outputs, 1, NULL, weight_tangents != NULL, k + 1 < layers,
                        NAME(input)(activations, k + 1, hidden, lanes),
                        NAME(input)(tangents, k, hidden, lanes), out);
    }
    const REAL *out = NAME(input)(activations, layers, hidden, lanes);
    const REAL *out_tangents = NAME(input)(tangents, layers, hidden, lanes);
    for (size_t l = 0; l < size; l += WIDTH) {
      const Vec power = NAME(exp)(NAME(step_scale) * NAME(load)(out + lanes + l));
      const Vec step = NAME(load)(out + l) * power * NAME(step_scale);
      REAL *p = parameters + start + l;
      NAME(store_some)(p, NAME(load_some)(p, size - l) - step, size - l);
      const Vec slope =
          NAME(step_scale) * power *
          NAME(fma)(NAME(step_scale) * NAME(load)(out + l), NAME(load)(out_tangents + lanes + l),
                    NAME(load)(out_tangents + l));
      REAL *tangent = parameter_tangents + start + l;
      NAME(store_some)(tangent, NAME(load_some)(tangent, size - l) - slope, size - l);
    }
  }
}

static void NAME(mlp_optimizer_pull_back)(
    size_t count, size_t layers, size_t hidden, const REAL *weights, const REAL *bias,
    const REAL *parameters, const REAL *momenta, size_t stride, const REAL *gradient,
    REAL *parameter_adjoints, REAL *momentum_adjoints, REAL *gradient_adjoints,
    REAL *weight_adjoints, REAL *bias_adjoints, REAL *scratch) {
  const size_t padded = PADDED(count);
  const size_t widest = hidden > FEATURES ? hidden : FEATURES;
  REAL *features = scratch;
  // The adjoints of the normalized features.
  REAL *feature_adjoints = features + FEATURES * padded;
  REAL *activations = feature_adjoints + FEATURES * padded;
  REAL *adjoints = activations + (FEATURES + layers * hidden + 2) * LONG_CHUNK;
  REAL *earlier = adjoints + widest * LONG_CHUNK;
  Vec squares[FEATURES];
  for (size_t f = 0; f < FEATURES; f++) squares[f] = NAME(all)(0);
  for (size_t i = 0; i < padded; i += WIDTH) {
    const size_t some = i < count ? count - i : 0;
    Vec x[FEATURES];
    x[0] = NAME(load_some)(gradient + i, some);
    x[1] = NAME(load_some)(parameters + i, some);
    for (size_t d = 0; d < MOMENTA; d++) {
      const REAL decay = NAME(decays)[d];
      x[2 + d] = NAME(fma)(NAME(all)(decay), NAME(load_some)(momenta + d * stride + i, some),
                           (1 - decay) * x[0]);
    }
    for (size_t f = 0; f < FEATURES; f++) {
      NAME(store)(features + f * padded + i, x[f]);
      squares[f] = NAME(fma)(x[f], x[f], squares[f]);
    }
  }
  REAL normalizers[FEATURES];
  for (size_t f = 0; f < FEATURES; f++) normalizers[f] = NAME(normalizer)(squares[f], count);

  Vec mixed[FEATURES];
  for (size_t f = 0; f < FEATURES; f++) mixed[f] = NAME(all)(0);
  for (size_t start = 0; start < count; start += LONG_CHUNK) {
    const size_t size = count - start < LONG_CHUNK ? count - start : LONG_CHUNK;
    const size_t lanes = PADDED(size);
    for (size_t f = 0; f < FEATURES; f++)
      for (size_t l = 0; l < lanes; l += WIDTH)
        NAME(store)(activations + f * lanes + l,
                    normalizers[f] * NAME(load)(features + f * padded + start + l));
    NAME(run_network)(lanes, layers, hidden, weights, bias, activations);
    const REAL *out = NAME(input)(activations, layers, hidden, lanes);
    for (size_t l = 0; l < lanes; l += WIDTH) {
      const Vec adjoint =
          l < size ? NAME(load_some)(parameter_adjoints + start + l, size - l) : NAME(all)(0);
      const Vec scale = -adjoint * NAME(step_scale) *
                        NAME(exp)(NAME(step_scale) * NAME(load)(out + lanes + l));
      NAME(store)(adjoints + l, scale);
      NAME(store)(adjoints + lanes + l, scale * NAME(step_scale) * NAME(load)(out + l));
    }
    for (size_t k = layers; k-- > 0;) {
      const struct NAME(Layer) layer = NAME(layer)(k, layers, hidden);
      const REAL *in = NAME(input)(activations, k, hidden, lanes);
      NAME(row_sums)(layer.outputs, lanes, adjoints,
                     k == 0 ? bias_adjoints : weight_adjoints + layer.weights - layer.outputs);
      NAME(outer_products)(layer.inputs, layer.outputs, lanes, in, adjoints,
                           weight_adjoints + layer.weights);
      if (k == 0 && !momentum_adjoints) break;
      NAME(dense_layer)(layer.outputs, layer.inputs, lanes, weights + layer.weights, 1,
                        layer.outputs, NULL, 0, k > 0, in, adjoints, earlier);
      REAL *const swapped = adjoints;
      adjoints = earlier;
      earlier = swapped;
    }
    if (!momentum_adjoints) continue;
    for (size_t f = 0; f < FEATURES; f++)
      for (size_t l = 0; l < lanes; l += WIDTH) {
        const Vec adjoint = NAME(load)(adjoints + f * lanes + l);
        NAME(store)(feature_adjoints + f * padded + start + l, adjoint);
        mixed[f] = NAME(fma)(adjoint, NAME(load)(features + f * padded + start + l), mixed[f]);
      }
  }
  if (!momentum_adjoints) return;

  // Through x̂ = x · r with r = 1/√(1e-5 + mean x²), and the momenta.
  REAL shares[FEATURES];
  for (size_t f = 0; f < FEATURES; f++)
    shares[f] = normalizers[f] * normalizers[f] * normalizers[f] * NAME(total)(mixed[f]) /
                (REAL)count;
  for (size_t i = 0; i < count; i += WIDTH) {
    const size_t some = count - i;
    Vec raw[FEATURES];
    for (size_t f = 0; f < FEATURES; f++)
      raw[f] = normalizers[f] * NAME(load)(feature_adjoints + f * padded + i) -
               shares[f] * NAME(load)(features + f * padded + i);
    Vec g = raw[0];
    for (size_t d = 0; d < MOMENTA; d++) {
      const REAL decay = NAME(decays)[d];
      REAL *row = momentum_adjoints + d * stride + i;
      const Vec m = NAME(load_some)(row, some) + raw[2 + d];
      NAME(store_some)(row, decay * m, some);
      g = NAME(fma)(NAME(all)(1 - decay), m, g);
    }
    NAME(store_some)(gradient_adjoints + i, g, some);
    REAL *p = parameter_adjoints + i;
    NAME(store_some)(p, NAME(load_some)(p, some) + raw[1], some);
  }
}

#undef FEATURES
#undef TIME_FEATURES
#undef MOMENTA
#undef CHUNK
#undef LONG_CHUNK
#undef PADDED
