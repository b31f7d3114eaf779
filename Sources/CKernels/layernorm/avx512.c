#if defined(__x86_64__)
#include "../lanes/avx512.h"
#include "body.h"
LANES_END

const layernorm_kernels layernorm_avx512 = {"avx512", forward, backward};
#endif
