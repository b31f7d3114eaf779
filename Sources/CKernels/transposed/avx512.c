#if defined(__x86_64__)
#include "../lanes/avx512.h"
#include "body.h"
LANES_END

const transposed_kernels transposed_avx512 = {"avx512", packed_count,   pack_forward, pack_backward,
                                              forward,  backward_input, sums_count,   backward_weights};
#endif
