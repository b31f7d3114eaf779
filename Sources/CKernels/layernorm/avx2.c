#if defined(__x86_64__)
#include "../lanes/avx2.h"
#include "body.h"
LANES_END

const layernorm_kernels layernorm_avx2 = {"avx2", forward, backward};
#endif
