"""Does dcmqi make a DICOM segmentation of an exported label map and its JSON, with every voxel and every code?

    safnet export --experiment E --variant V --format bids -o exported
    python dicom_oracle.py exported

For each label map that is not empty, a DICOM series on its grid is made, `itkimage2segimage` makes the segmentation, and
`segimage2itkimage` takes it apart again. Made with dcmqi 0.3 (PyPI), pydicom 3, SimpleITK 2.5.
"""
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pydicom
import SimpleITK as sitk
from pydicom.uid import MRImageStorage, ExplicitVRLittleEndian, generate_uid


def series(labels, folder):
    """A DICOM series of zeros on the grid of a label map."""
    direction, (series, study, frame) = np.array(labels.GetDirection()).reshape(3, 3), (generate_uid() for _ in range(3))
    columns, rows, slices = labels.GetSize()
    for number in range(slices):
        one = pydicom.Dataset()
        one.file_meta = pydicom.dataset.FileMetaDataset()
        one.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        one.file_meta.MediaStorageSOPClassUID = one.SOPClassUID = MRImageStorage
        one.file_meta.MediaStorageSOPInstanceUID = one.SOPInstanceUID = generate_uid()
        one.SeriesInstanceUID, one.StudyInstanceUID, one.FrameOfReferenceUID = series, study, frame
        one.PatientID = one.PatientName = "phantom"
        one.Modality, one.InstanceNumber, one.SeriesNumber, one.StudyID = "MR", number + 1, 1, "1"
        one.PatientBirthDate = one.PatientSex = one.AccessionNumber = one.ReferringPhysicianName = ""
        one.StudyDate, one.StudyTime = "20260101", "000000"
        one.Rows, one.Columns, one.BitsAllocated, one.BitsStored, one.HighBit = rows, columns, 16, 16, 15
        one.SamplesPerPixel, one.PixelRepresentation, one.PhotometricInterpretation = 1, 0, "MONOCHROME2"
        one.PixelSpacing = [float(f"{v:.9g}") for v in labels.GetSpacing()[1::-1]]
        one.SliceThickness = one.SpacingBetweenSlices = float(f"{labels.GetSpacing()[2]:.9g}")
        one.ImageOrientationPatient = [float(f"{v:.9g}") for v in [*direction[:, 0], *direction[:, 1]]]
        one.ImagePositionPatient = [float(f"{v:.9g}") for v in labels.TransformIndexToPhysicalPoint((0, 0, number))]
        one.PixelData = bytes(2 * rows * columns)
        one.save_as(folder / f"{number:04}.dcm", enforce_file_format=True)


def main(exported):
    maps, voxels = 0, 0
    for file in sorted(exported.glob("sub-*/anat/*_dseg.nii.gz")):
        labels = sitk.ReadImage(str(file))
        values = sitk.GetArrayFromImage(labels)
        if not values.any(): continue
        metadata = exported / "code/dcmqi" / (file.name.split("_")[0] + ".json")
        with tempfile.TemporaryDirectory() as place:
            place = Path(place)
            (place / "images").mkdir()
            series(labels, place / "images")
            for command in (
                    ["itkimage2segimage", "--inputImageList", file, "--inputDICOMDirectory", place / "images",
                     "--inputMetadata", metadata, "--outputDICOM", place / "seg.dcm"],
                    ["segimage2itkimage", "--inputDICOM", place / "seg.dcm", "--outputDirectory", place, "--mergeSegments"]):
                done = subprocess.run([Path(sys.executable).parent / command[0], *command[1:]], capture_output=True, text=True)
                assert done.returncode == 0, (file, done.stdout, done.stderr)
            made = pydicom.dcmread(place / "seg.dcm")
            found = {str(s.SegmentDescription): s.SegmentedPropertyTypeCodeSequence[0] for s in made.SegmentSequence}
            for segment in json.loads(metadata.read_text())["segmentAttributes"][0]:
                if (values == segment["labelID"]).any():
                    code = found[segment["SegmentDescription"]]
                    assert code.CodeValue == segment["SegmentedPropertyTypeCodeSequence"]["CodeValue"], segment
                    assert code.CodeMeaning == segment["SegmentedPropertyTypeCodeSequence"]["CodeMeaning"], segment
            back = next(place.glob("*.n*"), None)
            back = sitk.Resample(sitk.ReadImage(str(back)), labels, sitk.Transform(), sitk.sitkNearestNeighbor, 0)
            back = sitk.GetArrayFromImage(back)
            # dcmqi numbers the segments anew: one number for each label, and nothing anywhere else.
            pairs = {tuple(p) for p in np.unique(np.stack([values.ravel(), back.ravel()]), axis=1).T.tolist()}
            assert len(pairs) == len(np.unique(values)) and (0, 0) in pairs, pairs
            maps, voxels = maps + 1, voxels + int((values > 0).sum())
    print(f"{maps} label maps became DICOM segmentations and came back, {voxels} voxels of structures")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
