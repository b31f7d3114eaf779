// Hot loops on raw pointers. No allocation, no threads, no state: callers give scratch memory and a range of work.
#pragma once
#include "baselines.h"
#include "convolution.h"
#include "cpu_kernels.h"
#include "matmul.h"
#include "operations.h"
#include "point.h"
#include "processor.h"
#include "winograd.h"
