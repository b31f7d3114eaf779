// Hot loops on raw pointers. No allocation, no threads, no state: callers give scratch memory and a range of work.
#pragma once
#include "cpu_kernels.h"
#include "processor.h"
