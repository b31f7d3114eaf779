// One source, three instruction sets. Features are named one by one: `arch=x86-64-v4` would make the compiler prefer
// 256-bit registers.
#include "operations.h"
#include "lanes.h"

#if defined(__x86_64__)
#define VARIANT(name) name##_avx512
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx2,fma"))), apply_to = function)
#include "table.h"
#pragma clang attribute pop
#undef VARIANT

#define VARIANT(name) name##_avx2
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "table.h"
#pragma clang attribute pop
#undef VARIANT
#else
// Other processors have the scalar table only; InstructionSet.available says so.
const operations_table operations_avx512, operations_avx2;
#endif

#define VARIANT(name) name##_scalar
#include "table.h"
#undef VARIANT
