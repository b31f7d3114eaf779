// niftilib has no pkg-config file, and its headers include each other by bare names, which Debian keeps in <nifti/>.
#pragma once
#include "nifti1.h"
#include "nifti2.h"
#include "znzlib.h"
#include <nifti/nifti2_io.h>
// For the length and the checksum of a gzip stream, which znzlib does not report.
#include <zlib.h>
