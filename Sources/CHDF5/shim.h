// HDF5's constants are macros that call functions; Swift sees them through these.
#pragma once
#include <hdf5.h>

static inline hid_t chdf5_native_float(void) { return H5T_NATIVE_FLOAT; }
