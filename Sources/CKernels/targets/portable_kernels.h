// The families of loops that every processor runs with the same bits: no fused multiply-adds, sums in one order.
#include "../elementwise/adam.h"
#include "../elementwise/arithmetic.h"
#include "../elementwise/batch_norm.h"
#include "../elementwise/loss.h"
#include "../elementwise/overlap_loss.h"
#include "../elementwise/peak.h"
#include "../elementwise/resize.h"
#include "../elementwise/softmax.h"

#define PORTABLE_KERNELS                                                                                             \
  .arithmetic = &arithmetic, .batch_norm = &batch_norm, .softmax = &softmax, .resize = &resizing, .losses = &losses, \
  .overlaps = &overlaps, .adam = adam, .multiply_adds = multiply_adds
