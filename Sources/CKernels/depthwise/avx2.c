#if defined(__x86_64__)
#include "../lanes/avx2.h"
#include "body.h"
LANES_END

const depthwise_kernels depthwise_avx2 = {"avx2", scratch_count, forward, backward_weights};
#endif
