#if defined(__x86_64__)
#include "../lanes/avx512.h"
#include "body.h"
LANES_END

const depthwise_kernels depthwise_avx512 = {"avx512", scratch_count, forward, backward_weights};
#endif
