// See CNIfTI.h: forwards to Debian's copy.
#pragma once
#include <nifti/znzlib.h>
