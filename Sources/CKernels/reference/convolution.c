// The definition of convolution: written to be read, never tuned. Sums run in double, so that the error of a vector
// kernel against it is the kernel's own.
#include "convolution.h"

static int padded(int channels) { return (channels + 15) / 16 * 16; }

/// The input coordinate that `tap` reads for an output coordinate; outside 0 ..< in it is padding.
static int source(const convolution_shape *s, int axis, int out, int tap) {
  return out * s->stride[axis] + tap * s->dilation[axis] - s->dilation[axis] * (s->kernel[axis] - 1) / 2;
}

/// The output coordinate whose `tap` reads this input coordinate, or -1.
static int target(const convolution_shape *s, int axis, int in, int tap) {
  const int scaled = in - tap * s->dilation[axis] + s->dilation[axis] * (s->kernel[axis] - 1) / 2;
  if (scaled < 0 || scaled % s->stride[axis] != 0) return -1;
  const int out = scaled / s->stride[axis];
  return out < s->out[axis] ? out : -1;
}

static const float *input_voxel(const convolution_shape *s, const float *x, int n, int d, int h, int w) {
  if (d < 0 || h < 0 || w < 0 || d >= s->in[0] || h >= s->in[1] || w >= s->in[2]) return NULL;
  const long voxel = (((long)n * s->in[0] + d) * s->in[1] + h) * s->in[2] + w;
  return x + voxel * (s->planar ? 1 : padded(s->channels));
}

static long output_voxel(const convolution_shape *s, int n, int d, int h, int w) {
  return ((((long)n * s->out[0] + d) * s->out[1] + h) * s->out[2] + w) * padded(s->out_channels);
}

static const float *weight(const convolution_shape *s, const float *weights, int o, int i) {
  return weights + ((long)o * s->channels + i) * s->kernel[0] * s->kernel[1] * s->kernel[2];
}

static double output_value(const convolution_shape *s, const float *x, const float *weights, int n, int d, int h, int w,
                           int o) {
  double sum = 0;
  for (int i = 0; i < s->channels; i++) {
    const float *tap = weight(s, weights, o, i);
    for (int kd = 0; kd < s->kernel[0]; kd++)
      for (int kh = 0; kh < s->kernel[1]; kh++)
        for (int kw = 0; kw < s->kernel[2]; kw++, tap++) {
          const float *voxel = input_voxel(s, x, n, source(s, 0, d, kd), source(s, 1, h, kh), source(s, 2, w, kw));
          if (voxel) sum += (double)voxel[i] * *tap;
        }
  }
  return sum;
}

static double finished(double sum, const convolution_finish *f, int o) {
  const double value = sum * (f->scale ? f->scale[o] : 1) + (f->bias ? f->bias[o] : 0);
  return f->rectify && value < 0 ? 0 : value;
}

void convolution_forward_scalar(const convolution_shape *s, const float *x, const float *weights,
                                const convolution_finish *finish, float *y, long first, long last) {
  for (long row = first; row < last; row++) {
    const int h = row % s->out[1], d = row / s->out[1] % s->out[0], n = row / s->out[1] / s->out[0];
    for (int w = 0; w < s->out[2]; w++) {
      float *voxel = y + output_voxel(s, n, d, h, w);
      for (int o = 0; o < padded(s->out_channels); o++)
        voxel[o] = o < s->out_channels ? finished(output_value(s, x, weights, n, d, h, w, o), finish, o) : 0;
    }
  }
}

static double input_gradient(const convolution_shape *s, const float *dy, const float *weights, int n, int d, int h,
                             int w, int i) {
  double sum = 0;
  for (int kd = 0; kd < s->kernel[0]; kd++)
    for (int kh = 0; kh < s->kernel[1]; kh++)
      for (int kw = 0; kw < s->kernel[2]; kw++) {
        const int od = target(s, 0, d, kd), oh = target(s, 1, h, kh), ow = target(s, 2, w, kw);
        if (od < 0 || oh < 0 || ow < 0) continue;
        const float *voxel = dy + output_voxel(s, n, od, oh, ow);
        const int tap = (kd * s->kernel[1] + kh) * s->kernel[2] + kw;
        for (int o = 0; o < s->out_channels; o++) sum += (double)voxel[o] * weight(s, weights, o, i)[tap];
      }
  return sum;
}

void convolution_backward_input_scalar(const convolution_shape *s, const float *dy, const float *weights, float *dx,
                                       int accumulate, long first, long last) {
  const int stored = s->planar ? 1 : padded(s->channels);
  for (long row = first; row < last; row++) {
    const int h = row % s->in[1], d = row / s->in[1] % s->in[0], n = row / s->in[1] / s->in[0];
    for (int w = 0; w < s->in[2]; w++) {
      float *voxel = dx + (row * s->in[2] + w) * stored;
      for (int i = 0; i < stored; i++) {
        const double sum = i < s->channels ? input_gradient(s, dy, weights, n, d, h, w, i) : 0;
        voxel[i] = sum + (accumulate ? voxel[i] : 0);
      }
    }
  }
}

static double weight_gradient(const convolution_shape *s, const float *x, const float *dy, int o, int i, int kd, int kh,
                              int kw) {
  double sum = 0;
  for (int n = 0; n < s->batch; n++)
    for (int d = 0; d < s->out[0]; d++)
      for (int h = 0; h < s->out[1]; h++)
        for (int w = 0; w < s->out[2]; w++) {
          const float *voxel = input_voxel(s, x, n, source(s, 0, d, kd), source(s, 1, h, kh), source(s, 2, w, kw));
          if (voxel) sum += (double)voxel[i] * dy[output_voxel(s, n, d, h, w) + o];
        }
  return sum;
}

void convolution_backward_weights_scalar(const convolution_shape *s, const float *x, const float *dy, float *dweights,
                                         long first, long last) {
  const int taps = s->kernel[0] * s->kernel[1] * s->kernel[2];
  for (long pair = first; pair < last; pair++) {
    const int o = pair / s->channels, i = pair % s->channels;
    float *out = dweights + pair * taps;
    for (int kd = 0; kd < s->kernel[0]; kd++)
      for (int kh = 0; kh < s->kernel[1]; kh++)
        for (int kw = 0; kw < s->kernel[2]; kw++) *out++ = weight_gradient(s, x, dy, o, i, kd, kh, kw);
  }
}
