// An activation, or a gradient of one, in memory: floats, or bfloat16 numbers.
#pragma once

#pragma clang assume_nonnull begin

/// Numbers to be read, single precision or bfloat16: the kernels that take one read both, what takes floats only one.
typedef struct {
  const void *at;
  int is_bfloat16;
} activation_source;

/// Numbers to be written.
typedef struct {
  void *at;
  int is_bfloat16;
} activation_target;

/// Where a gradient goes, and whether it is added to what is there (`accumulate`) or replaces it. NULL where the caller
/// may leave a gradient out: it is not computed.
typedef struct {
  float *_Nullable at;
  int accumulate;
} gradient_target;

#pragma clang assume_nonnull end
