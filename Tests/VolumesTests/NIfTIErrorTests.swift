import Testing
import Volumes

@Suite struct NIfTIErrorTests {
  static let words: [(NIfTIError, String)] = [
    (
      .deadLink(file: "f", words: "it is a link to /gone, which is not there"),
      "f: it is a link to /gone, which is not there"
    ),
    (
      .cannotOpen(file: "f", reason: "No such file", remedy: "check the path"),
      "f: cannot be opened (No such file); check the path"
    ),
    (.isFolder(file: "f"), "f: is a folder; give one image in it"),
    (
      .unknownExtension(file: "f"),
      "f: not a NIfTI name; it must end in .nii, .nii.gz, .hdr or .img (docs/interchange.md says what converts .mha and"
        + " .nrrd)"
    ),
    (
      .missingPart(file: "f", wanted: "f.img"),
      "f: its other half f.img is missing; a header/image pair needs both files"
    ),
    (.foreign(file: "f", .empty), "f: is empty; fetch it again"),
    (
      .foreign(file: "f", .pointer),
      "f: is the pointer of Git LFS or git-annex to a file that was not fetched; type git lfs pull (git annex get) in its folder"
    ),
    (
      .foreign(file: "f", .webPage),
      "f: is a web page, not an image: the download needed a sign-in or another address; fetch it again"
    ),
    (.notGzip(file: "f"), "f: named .gz but its content is not gzip; rename it without .gz, or fetch it again"),
    (.hiddenGzip(file: "f"), "f: its content is gzip but its name does not say so; rename it to end in .gz"),
    (
      .truncatedHeader(file: "f", bytes: 5, wanted: 348),
      "f: ends after 5 bytes, before its header of 348 bytes is complete; fetch it again"
    ),
    (
      .notNIfTI(file: "f", headerSize: 7),
      "f: sizeof_hdr is 7, not 348 (NIfTI-1) or 540 (NIfTI-2); this is not a NIfTI file"
    ),
    (.analyze(file: "f"), "f: an ANALYZE 7.5 file: it does not say where its voxels lie; convert it to NIfTI"),
    (
      .badMagic(file: "f", found: "x", wanted: "n+1"),
      #"f: magic is "x", which is not "n+1"; the file is damaged or has the wrong extension"#
    ),
    (
      .changedLineEnds(file: "f"),
      "f: magic's line ends were changed by a transfer in text mode, and voxels with them; fetch it again as binary"
    ),
    (
      .badDimension(file: "f", field: "dim[2]", value: -1, allowed: 1...9),
      "f: dim[2] is -1, allowed is 1 to 9; the header is damaged"
    ),
    (
      .tooManyVoxels(file: "f", dimensions: [9, 9], limit: 80),
      "f: dim [9, 9] is more than 80 voxels; the header is damaged, or the image must be cut up"
    ),
    (
      .noMemory(file: "f", dimensions: [9, 9], needed: 5 << 20, free: 3 << 20),
      "f: dim [9, 9] takes 5 MiB of memory to read, 3 MiB are free; the header is damaged, or other programs must end"
        + " first"
    ),
    (
      .severalVolumes(file: "f", dimensions: [2, 2, 2, 3]),
      "f: dim [2, 2, 2, 3] is a series of volumes; extract one volume first"
    ),
    (
      .unsupportedType(file: "f", code: 128, name: "RGB"),
      "f: datatype 128 (RGB) is not one real number per voxel of at most 64 bits; convert it, to float32 say"
    ),
    (.badBits(file: "f", value: 8, wanted: 16), "f: bitpix is 8, but the datatype has 16; the header is damaged"),
    (
      .badOffset(file: "f", value: 1.5, smallest: 352),
      "f: vox_offset is 1.5, not a whole number of at least 352; the header is damaged"
    ),
    (
      .badNumber(file: "f", field: "pixdim[1]", value: 0),
      "f: pixdim[1] is 0.0, not a usable number; repair the header"
    ),
    (
      .badQuaternion(file: "f", squares: 2),
      "f: quatern_b, c, d have the squared length 2.0, more than 1: no rotation; repair the qform"
    ),
    (.badCode(file: "f", field: "qform_code", value: 9), "f: qform_code is 9, not a known code; repair the header"),
    (
      .flatAffine(file: "f", from: "sform"),
      "f: the affine (from sform) is singular: voxels have no volume; repair the header"
    ),
    (
      .truncated(file: "f", bytes: 1, wanted: 2),
      "f: has 1 bytes where its header claims 2; it is truncated: fetch it again"
    ),
    (
      .truncatedGzip(file: "f", bytes: 1, wanted: 2),
      "f: its gzip stream breaks off after 1 of 2 bytes; it is truncated: fetch it again"
    ),
    (.corruptGzip(file: "f", reason: "bad"), "f: its gzip stream is damaged (bad); fetch it again"),
    (
      .tooLong(file: "f", wanted: 2, allowed: 3),
      "f: goes on more than 3 bytes past the 2 its header claims; the header is damaged"
    ),
    (
      .refusedByLibrary(file: "f"),
      "f: niftilib cannot read it although its header is sound; convert it with another tool"
    ),
    (.changedWhileRead(file: "f"), "f: changed while it was read; wait until its writer is done, then try again"),
    (
      .cannotWrite(file: "f", reason: "No space"),
      "f: cannot be written (No space); check free space and permissions"
    ),
    (
      .noFolder(file: "f", folder: "d"),
      "f: cannot be written: there is no folder d; make it (mkdir -p) or give another"
    ),
  ]

  @Test(arguments: words)
  func saysWhatToDo(_ error: NIfTIError, _ words: String) {
    #expect(error.description == words)
    #expect(error.file == "f")
  }
}
