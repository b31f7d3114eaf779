#if defined(__x86_64__)
#include "../lanes/avx2.h"
#include "body.h"
LANES_END

const transposed_kernels transposed_avx2 = {"avx2",  packed_count,   pack_forward, pack_backward,
                                            forward, backward_input, sums_count,   backward_weights};
#endif
