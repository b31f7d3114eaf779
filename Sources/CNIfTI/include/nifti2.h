// See CNIfTI.h.
#pragma once
#include <nifti/nifti2.h>
