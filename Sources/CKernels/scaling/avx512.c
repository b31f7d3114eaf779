#if defined(__x86_64__)
#include "../lanes/avx512.h"
#include "body.h"
LANES_END

const scaling_kernels scaling_avx512 = {"avx512", scale_forward, scale_backward, gate_forward, gate_backward};
#endif
