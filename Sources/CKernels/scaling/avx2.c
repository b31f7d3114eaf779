#if defined(__x86_64__)
#include "../lanes/avx2.h"
#include "body.h"
LANES_END

const scaling_kernels scaling_avx2 = {"avx2", scale_forward, scale_backward, gate_forward, gate_backward};
#endif
