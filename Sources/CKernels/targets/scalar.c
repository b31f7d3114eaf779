// The definitions, and the portable loops, for any processor.
#include "../reference/reference.h"
#include "targets.h"
#define VECTOR_FLOATS 4
#define LANE_PAIRS 0
#define HAS_FUSED_PRODUCTS 0
#include "families.h"

const cpu_kernels cpu_kernels_scalar = {.name = "scalar",
                                        .depthwise = &depthwise_reference,
                                        .transposed = &transposed_reference,
                                        .max_pooling = &max_pooling_reference,
                                        .layer_norm = &layer_norm_reference,
                                        .gelu = &gelu_reference,
                                        .layer_scale = &layer_scale_reference,
                                        .gate = &gate_reference,
                                        PORTABLE_KERNELS};
