// Sums that were formed in parts, for weight gradients.
#include "convolution.h"
#include <string.h>

void convolution_add_parts(float *sum, int is_first, const float *parts, long count, long step, long first, long last) {
  if (is_first) memcpy(sum + first, parts + first, (last - first) * sizeof(float));
  for (long part = is_first ? 1 : 0; part < count; part++)
    for (long i = first; i < last; i++) sum[i] += parts[part * step + i];
}
