// An activation, or a gradient of one, in memory: floats, or halves of them.
#pragma once

/// Numbers to be read, single precision or bfloat16: the kernels that take one read both, what takes floats only one.
typedef struct {
  const void *at;
  int is_half;
} activation_source;

/// Numbers to be written.
typedef struct {
  void *at;
  int is_half;
} activation_target;
