// The microkernel on packed channel blocks [block][voxel][16].
#pragma once
#include "tile.h"

TILE_TABLE(tile_wide, TILE_WIDE)
#if VECTOR_FLOATS == 16                         // half a block: 16 channels are left over
TILE_TABLE(tile_narrow, TILE_NARROW)
#else
#define tile_narrow tile_wide
#endif

/// The table for a block of `lanes` output channels: all of it, or the 16 that are left over.
INLINE tile_function *const *tile_block_table(int lanes) { return lanes < block_floats ? tile_narrow : tile_wide; }
