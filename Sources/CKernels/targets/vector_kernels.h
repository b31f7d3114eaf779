// Every family of loops, and the table of them, compiled for the target of the file that includes this.
#include "../conv/conv1x1/gradient.h"
#include "../conv/depthwise.h"
#include "../conv/direct/gradient.h"
#include "../conv/transposed.h"
#include "../conv/winograd/gradient.h"
#include "../elementwise/gelu.h"
#include "../elementwise/layer_norm.h"
#include "../elementwise/max_pooling.h"
#include "../elementwise/scaling.h"
#include "../gemm/product.h"
#include "portable_kernels.h"

#define VECTOR_KERNELS                                                                                       \
  .direct = &direct, .winograd = &winograd, .conv1x1 = &conv1x1, .matmul = &matmul, .depthwise = &depthwise, \
  .transposed = &transposed, .max_pooling = &max_pooling, .layer_norm = &layer_norm, .gelu = &gelu,          \
  .layer_scale = &layer_scale, .gate = &gate, PORTABLE_KERNELS
