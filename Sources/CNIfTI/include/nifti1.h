// See CNIfTI.h.
#pragma once
#include <nifti/nifti1.h>
