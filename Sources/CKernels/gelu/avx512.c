#if defined(__x86_64__)
#include "../lanes/avx512.h"
#include "body.h"
LANES_END

const gelu_kernels gelu_avx512 = {"avx512", forward, backward};
#endif
