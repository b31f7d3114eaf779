// Every family of loops and the tables of them, compiled for the target of the file that includes this.
//
// Those that every processor runs with the same bits: no fused multiply-adds, sums in one order.
#include "../elementwise/adam.h"
#include "../elementwise/arithmetic.h"
#include "../elementwise/average_pooling.h"
#include "../elementwise/batch_norm.h"
#include "../elementwise/loss.h"
#include "../elementwise/overlap_loss.h"
#include "../elementwise/resize.h"
#include "../elementwise/sgd.h"
#include "../elementwise/softmax.h"

#define PORTABLE_KERNELS                                                                                             \
  .arithmetic = &arithmetic, .batch_norm = &batch_norm, .softmax = &softmax, .resize = &resizing, .losses = &losses, \
  .overlaps = &overlaps, .average_pooling = &average_pooling, .adam = adam, .sgd = sgd,                              \
  .multiply_adds = multiply_adds

// Those with fused multiply-adds; without them the definitions of reference/ serve.
#if HAS_FUSED_PRODUCTS
#include "../conv/conv1x1/conv1x1.h"
#include "../conv/depthwise.h"
#include "../conv/direct/gradient.h"
#include "../conv/transposed.h"
#include "../conv/winograd/pieces.h"
#include "../elementwise/gelu.h"
#include "../elementwise/layer_norm.h"
#include "../elementwise/max_pooling.h"
#include "../elementwise/scaling.h"
#include "../gemm/product.h"

#define VECTOR_KERNELS                                                                                       \
  .direct = &direct, .winograd = &winograd, .conv1x1 = &conv1x1, .matmul = &matmul, .depthwise = &depthwise, \
  .transposed = &transposed, .max_pooling = &max_pooling, .layer_norm = &layer_norm, .gelu = &gelu,          \
  .layer_scale = &layer_scale, .gate = &gate, PORTABLE_KERNELS
#endif
