// The tables of before, as long as there are callers of them: each entry hands its arguments on.

#ifndef OLD_PORTABLE
static void old_direct_gather(const convolution_gather *g, activation_source source, const float *packed,
                              const convolution_finish *finish, activation_target target, int accumulate, long first,
                              long last, float *scratch) {
  direct_gather(g, &(convolution_call){source, packed, finish, target, accumulate}, first, last, scratch);
}
static void old_winograd_gather(const winograd_plan *p, activation_source source, const float *u,
                                const convolution_finish *finish, activation_target target, int accumulate, long first,
                                long last, float *scratch) {
  winograd_gather(p, &(convolution_call){source, u, finish, target, accumulate}, first, last, scratch);
}
#endif

#ifdef OLD_PAIRS
const convolution_variant convolution_bfloat16 = {"bfloat16", processor_has_bfloat16, block_floats,   tile_voxels,
                                                  1,          old_direct_gather,      direct_gradient};
const winograd_variant winograd_bfloat16 = {.name = "bfloat16",
                                            .is_supported = processor_has_bfloat16,
                                            .block = block_floats,
                                            .pairs = 1,
                                            .weights = winograd_weights,
                                            .gather = old_winograd_gather};
#else

static void old_add_backward(const float *dy, const float *y, float *da, int accumulate_a, float *db, int accumulate_b,
                             long count) {
  add_backward(dy, y, (gradient_target){da, accumulate_a}, (gradient_target){db, accumulate_b}, count);
}
static void old_multiply_backward(const float *dy, const float *a, const float *b, float *da, int accumulate_a,
                                  float *db, int accumulate_b, long count) {
  multiply_backward(dy, a, b, (gradient_target){da, accumulate_a}, (gradient_target){db, accumulate_b}, count);
}
static void old_sigmoid_backward(const float *dy, const float *y, float *dx, int accumulate, long count) {
  sigmoid_backward(dy, y, (gradient_target){dx, accumulate}, count);
}
static void old_scale(const float *from, float factor, float *to, int accumulate, long count) {
  scale(from, factor, (gradient_target){to, accumulate}, count);
}
static void old_spread(const float *x, const float *m, float *y, int accumulate, long voxels, int stride) {
  broadcast(x, m, (gradient_target){y, accumulate}, voxels, stride);
}
static void old_copy_channels(const float *from, int from_stride, int from_first, float *to, int to_stride,
                              int to_first, int channels, int accumulate, long voxels) {
  copy_channels(&(channel_copy){from, from_stride, from_first, to, to_stride, to_first, channels, accumulate, voxels});
}
static void old_norm_sums(activation_source x, double *partials, long voxels, int stride, long first, long last) {
  batch_norm_sums(&(batch_norm_job){x, NULL, NULL, NULL, voxels, stride, 0}, partials, first, last);
}
static void old_norm_apply(activation_source x, const float *mean, const float *scale, const float *shift, float *y,
                           long voxels, int stride, int rectify) {
  batch_norm_apply(&(batch_norm_job){x, mean, scale, shift, voxels, stride, rectify}, y);
}
static void old_norm_backward_sums(activation_source x, const float *dy, const float *mean, const float *scale,
                                   const float *shift, double *partials, long voxels, int stride, int rectify,
                                   long first, long last) {
  batch_norm_backward_sums(&(batch_norm_job){x, mean, scale, shift, voxels, stride, rectify}, dy, partials, first,
                           last);
}
static void old_norm_backward_apply(activation_source x, const float *dy, const float *mean, const float *scale,
                                    const float *shift, const float *a, const float *b, activation_target dx,
                                    int accumulate, long voxels, int stride, int rectify) {
  batch_norm_backward_apply(&(batch_norm_job){x, mean, scale, shift, voxels, stride, rectify}, dy, a, b, dx,
                            accumulate);
}
static void old_resize_backward(const resize_shape *s, const float *dy, float *dx, int accumulate, float *row,
                                long first, long last) {
  resize_backward(s, dy, (gradient_target){dx, accumulate}, row, first, last);
}

const operations_table OLD(operations) = {
    .add = add,
    .add_backward = old_add_backward,
    .rectify = rectify,
    .multiply = multiply,
    .multiply_backward = old_multiply_backward,
    .sigmoid = sigmoid,
    .sigmoid_backward = old_sigmoid_backward,
    .scaled_add = scaled_add,
    .scale = old_scale,
    .dot = dot,
    .spread = old_spread,
    .column_sums = column_sums,
    .copy_channels = old_copy_channels,
    .norm_sums = old_norm_sums,
    .norm_apply = old_norm_apply,
    .norm_backward_sums = old_norm_backward_sums,
    .norm_backward_apply = old_norm_backward_apply,
    .softmax_rows = softmax_rows,
    .softmax_backward = softmax_backward,
    .resize = resize,
    .resize_backward = old_resize_backward,
    .loss = loss,
    .classify = classify,
    .adam = adam,
    .multiply_adds = multiply_adds,
};

#ifdef OLD_PORTABLE
#define layer_norm_of (*layer_norm_reference.backward)
#define layer_scale_of (*layer_scale_reference.backward)
#define gate_of_old (*gate_reference.backward)
#else
#define layer_norm_of layer_norm_backward
#define layer_scale_of layer_scale_backward
#define gate_of_old gate_backward
#endif

static void old_layer_norm_backward(const layernorm_shape *s, const float *x, const float *gamma, const float *dy,
                                    float *dx, int accumulate, float *partials, long first, long last) {
  layer_norm_of(s, x, gamma, dy, (gradient_target){dx, accumulate}, partials, first, last);
}
static void old_scale_backward(const scaling_shape *s, const float *x, const float *scale, const float *dy, float *dx,
                               int accumulate, float *partials, long first, long last) {
  layer_scale_of(s, x, scale, dy, (gradient_target){dx, accumulate}, partials, first, last);
}
static void old_gate_backward(const scaling_shape *s, const float *x, const float *a, const float *dy, float *dx,
                              int accumulate_x, float *da, int accumulate_a, long first, long last) {
  gate_of_old(s, x, a, dy, (gradient_target){dx, accumulate_x}, (gradient_target){da, accumulate_a}, first, last);
}

#ifdef OLD_PORTABLE
static void old_layer_norm_forward(const layernorm_shape *s, const float *x, const float *gamma, const float *beta,
                                   float *y, long first, long last) {
  layer_norm_reference.forward(s, x, gamma, beta, y, first, last);
}
static void old_scale_forward(const scaling_shape *s, const float *x, const float *scale, const float *shortcut,
                              float *y, long first, long last) {
  layer_scale_reference.forward(s, x, scale, shortcut, y, first, last);
}
static void old_gate_forward(const scaling_shape *s, const float *x, const float *a, float *y, long first, long last) {
  gate_reference.forward(s, x, a, y, first, last);
}
static void old_pool(const pooling_shape *s, const float *x, float *y, long first, long last) {
  max_pooling_reference.forward(s, x, y, first, last);
}
static void old_pool_backward(const pooling_shape *s, const float *x, const float *dy, float *dx, int accumulate,
                              long first, long last) {
  max_pooling_reference.backward(s, x, dy, dx, accumulate, first, last);
}
const layernorm_kernels OLD(layernorm) = {"", old_layer_norm_forward, old_layer_norm_backward};
const scaling_kernels OLD(scaling) = {"", old_scale_forward, old_scale_backward, old_gate_forward, old_gate_backward};
const pooling_kernels OLD(pooling) = {"", old_pool, old_pool_backward};
#else
const layernorm_kernels OLD(layernorm) = {"", layer_norm_forward, old_layer_norm_backward};
const scaling_kernels OLD(scaling) = {"", layer_scale_forward, old_scale_backward, gate_forward, old_gate_backward};
const pooling_kernels OLD(pooling) = {"", max_pooling_forward, max_pooling_backward};

static void old_conv1x1_gather(const point_plan *p, const float *source, const float *packed,
                               const convolution_finish *finish, float *target, int accumulate, long first, long last,
                               float *scratch) {
  conv1x1_gather(p, &(convolution_call){{source, 0}, packed, finish, {target, 0}, accumulate}, first, last, scratch);
}
#if VECTOR_FLOATS == 16
#define OLD_NAME "avx512"
#define OLD_CHECK processor_has_avx512
#else
#define OLD_NAME "avx2"
#define OLD_CHECK processor_has_avx2
#endif
const convolution_variant OLD(convolution) = {OLD_NAME, OLD_CHECK,         block_floats,   tile_voxels,
                                              0,        old_direct_gather, direct_gradient};
const point_variant OLD(point) = {OLD_NAME, OLD_CHECK, block_floats, tile_voxels, old_conv1x1_gather, conv1x1_gradient};
const matmul_variant OLD(matmul) = {OLD_NAME, OLD_CHECK, block_floats, tile_voxels, matmul_product};
const winograd_variant OLD(winograd) = {OLD_NAME,          OLD_CHECK,           block_floats,   0,
                                        winograd_weights,  old_winograd_gather, winograd_clear, winograd_transform,
                                        winograd_multiply, winograd_finish};
#endif
#endif
