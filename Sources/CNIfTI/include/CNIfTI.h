// niftilib has no pkg-config file, and its headers include <znzlib.h>, which Debian keeps in <nifti/>.
#pragma once
#include "znzlib.h"
#include <nifti/nifti2_io.h>
