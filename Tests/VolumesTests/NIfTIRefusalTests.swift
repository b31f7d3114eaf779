import Foundation
import TestSupport
import Testing
import Volumes

/// A spoilt file, and the error that must come; each error's words are pinned in NIfTIErrorTests.
struct Spoilt: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var name = "a.nii"
  var bytes: [UInt8]
  var error: @Sendable (String) -> NIfTIError

  init(_ what: String, name: String = "a.nii", _ bytes: [UInt8], error: @escaping @Sendable (String) -> NIfTIError) {
    (testDescription, self.name, self.bytes, self.error) = (what, name, bytes, error)
  }

  /// The NIfTI-1 fixture with one number changed.
  init<T: FixedWidthInteger>(
    _ what: String, put value: T, at offset: Int, version: Int = 1, error: @escaping @Sendable (String) -> NIfTIError
  ) {
    var fixture = NIfTIFixture(version: version)
    fixture.put(value, at: offset)
    self.init(what, fixture.bytes, error: error)
  }
}

@Suite struct NIfTIRefusalTests {
  static let sound = NIfTIFixture().bytes
  static let nan = Float.nan.bitPattern
  static let lfsPointer = Array(
    "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22e\nsize 12345\n".utf8)

  static let sizes: [Spoilt] = [
    Spoilt("empty", []) { .foreign(file: $0, .empty) },
    Spoilt("blank", name: "a.nii.gz", Array(" \n".utf8)) { .foreign(file: $0, .empty) },
    Spoilt("packed nothing", name: "a.nii.gz", gzipMember([])) { .foreign(file: $0, .empty) },
    Spoilt("pointer of Git LFS", name: "a.nii.gz", lfsPointer) { .foreign(file: $0, .pointer) },
    Spoilt("pointer of Git LFS, unpacked", lfsPointer) { .foreign(file: $0, .pointer) },
    Spoilt("pointer of git-annex", name: "a.nii.gz", Array("/annex/objects/MD5E-s16--1a.nii.gz\n".utf8)) {
      .foreign(file: $0, .pointer)
    },
    Spoilt("web page", name: "a.nii.gz", Array("\n<!DOCTYPE html>\n<html><head>".utf8)) {
      .foreign(file: $0, .webPage)
    },
    Spoilt("packed web page", name: "a.nii.gz", gzipMember(Array("<html><body>404 Not Found</body>".utf8))) {
      .foreign(file: $0, .webPage)
    },
    Spoilt("PDF", Array("%PDF-1.7\n".utf8) + [UInt8](repeating: 32, count: 600)) { .foreign(file: $0, .other(.pdf)) },
    Spoilt("NRRD", Array("NRRD0004\ntype: short\n".utf8) + [UInt8](repeating: 10, count: 600)) {
      .foreign(file: $0, .other(.nrrd))
    },
    Spoilt("picture", [0x89] + Array("PNG\r\n\u{1A}\n".utf8) + [UInt8](repeating: 1, count: 600)) {
      .foreign(file: $0, .other(.picture))
    },
    Spoilt("packed HDF5", name: "a.nii.gz", gzipMember([0x89] + Array("HDF\r\n\u{1A}\n".utf8) + sound)) {
      .foreign(file: $0, .other(.hdf5))
    },
    Spoilt("zeros", [UInt8](repeating: 0, count: 600)) { .foreign(file: $0, .other(.zeros)) },
    Spoilt("packed twice", name: "a.nii.gz", gzipMember(gzipMember(sound + sound))) {
      .foreign(file: $0, .other(.compressed))
    },
    Spoilt("half a header", Array(sound.prefix(200))) { .truncatedHeader(file: $0, bytes: 200, wanted: 348) },
    Spoilt("half a NIfTI-2 header", Array(NIfTIFixture(version: 2).bytes.prefix(348))) {
      .truncatedHeader(file: $0, bytes: 348, wanted: 540)
    },
    Spoilt("text", Array(String(repeating: "hello ", count: 100).utf8)) {
      .notNIfTI(file: $0, headerSize: 1_819_043_176)
    },
    Spoilt("one voxel too few", Array(sound.dropLast(2))) { .truncated(file: $0, bytes: 470, wanted: 472) },
    Spoilt("two megabytes too many", sound + [UInt8](repeating: 0, count: 2 << 20)) {
      .tooLong(file: $0, wanted: 472, allowed: 1 << 20)
    },
    Spoilt("gzip, one voxel too few", name: "a.nii.gz", gzipMember(Array(sound.dropLast(2)))) {
      .truncated(file: $0, bytes: 470, wanted: 472)
    },
    Spoilt(
      "gzip of too much", name: "a.nii.gz",
      (0..<40).reduce(gzipMember(sound)) { bytes, _ in
        bytes + gzipMember([UInt8](repeating: 0, count: 60000))
      }
    ) { .tooLong(file: $0, wanted: 472, allowed: 1 << 20) },
    Spoilt("gzip cut in its data", name: "a.nii.gz", Array(gzipMember(sound).prefix(400))) {
      .truncatedGzip(file: $0, bytes: 385, wanted: 472)
    },
    Spoilt("gzip cut in its checksum", name: "a.nii.gz", Array(gzipMember(sound).dropLast(3))) {
      .truncatedGzip(file: $0, bytes: 472, wanted: 472)
    },
    Spoilt(
      "gzip cut in its second member", name: "a.nii.gz",
      gzipMember(Array(sound.prefix(360))) + gzipMember(Array(sound.dropFirst(360))).dropLast(20)
    ) {
      .truncatedGzip(file: $0, bytes: 460, wanted: 472)
    },
    Spoilt("gzip with a wrong bit", name: "a.nii.gz", flipped(gzipMember(sound), at: 380)) {
      .corruptGzip(file: $0, reason: "incorrect data check")
    },
    Spoilt("gzip that is none", name: "a.nii.gz", sound) { .notGzip(file: $0) },
    Spoilt("gzip in disguise", gzipMember(sound)) { .hiddenGzip(file: $0) },
    Spoilt("a picture", name: "a.png", sound) { .unknownExtension(file: $0) },
  ]

  static let fields: [Spoilt] = [
    Spoilt("no magic", put: 0 as UInt32, at: 344) { .analyze(file: $0) },
    Spoilt("a pair's magic", put: 0x0031_696e as UInt32, at: 344) {
      .badMagic(file: $0, found: "ni1", wanted: "n+1")
    },
    Spoilt("magic of NIfTI-2 damaged", put: 0x0033_2b6e as UInt32, at: 4, version: 2) {
      .badMagic(file: $0, found: "n+3", wanted: "n+2")
    },
    Spoilt("NIfTI-2 sent as text", put: 10 as UInt8, at: 8, version: 2) { .changedLineEnds(file: $0) },
    Spoilt("no dimensions", put: 0 as Int16, at: 40) {
      .badDimension(file: $0, field: "dim[0]", value: 0, allowed: 1...7)
    },
    Spoilt("eight dimensions", put: 8 as Int16, at: 40) {
      .badDimension(file: $0, field: "dim[0]", value: 8, allowed: 1...7)
    },
    Spoilt("negative length", put: -5 as Int16, at: 44) {
      .badDimension(file: $0, field: "dim[2]", value: -5, allowed: 1...32767)
    },
    Spoilt("length 0", put: 0 as Int16, at: 46) {
      .badDimension(file: $0, field: "dim[3]", value: 0, allowed: 1...32767)
    },
    Spoilt("huge length", put: Int64.max, at: 24, version: 2) {
      .badDimension(file: $0, field: "dim[1]", value: .max, allowed: 1...268_435_456)
    },
    Spoilt("huge product", put: 200_000_000 as Int64, at: 24, version: 2) {
      .tooManyVoxels(file: $0, dimensions: [200_000_000, 5, 4], limit: 268_435_456)
    },
    Spoilt("series", NIfTIFixture(shape: [3, 5, 4, 2]).bytes) {
      .severalVolumes(file: $0, dimensions: [3, 5, 4, 2])
    },
    Spoilt("RGB", put: 128 as Int16, at: 70) { .unsupportedType(file: $0, code: 128, name: "RGB") },
    Spoilt("RGBA", put: 2304 as Int16, at: 70) { .unsupportedType(file: $0, code: 2304, name: "RGBA") },
    Spoilt("complex", put: 32 as Int16, at: 70) { .unsupportedType(file: $0, code: 32, name: "complex64") },
    Spoilt("complex of doubles", put: 1792 as Int16, at: 70) {
      .unsupportedType(file: $0, code: 1792, name: "complex128")
    },
    Spoilt("no type", put: 77 as Int16, at: 70) { .unsupportedType(file: $0, code: 77, name: "not a NIfTI type") },
    Spoilt("wrong bitpix", put: 8 as Int16, at: 72) { .badBits(file: $0, value: 8, wanted: 16) },
    Spoilt("offset in the header", put: Float(300).bitPattern, at: 108) {
      .badOffset(file: $0, value: 300, smallest: 352)
    },
    Spoilt("offset between bytes", put: Float(352.5).bitPattern, at: 108) {
      .badOffset(file: $0, value: 352.5, smallest: 352)
    },
    Spoilt("offset beyond all bounds", put: Int64.max, at: 168, version: 2) {
      .badOffset(file: $0, value: 0x1p63, smallest: 544)
    },
    Spoilt("offset beyond the file", put: Float(10000).bitPattern, at: 108) {
      .truncated(file: $0, bytes: 472, wanted: 10120)
    },
    Spoilt("negative form code", put: -1 as Int16, at: 254) { .badCode(file: $0, field: "sform_code", value: -1) },
    Spoilt("unknown form code", put: 9 as Int16, at: 252) { .badCode(file: $0, field: "qform_code", value: 9) },
    Spoilt("infinite affine", put: Float.infinity.bitPattern, at: 300) {
      .badNumber(file: $0, field: "srow_y[1]", value: .infinity)
    },
    Spoilt("flat affine", put: 0 as UInt32, at: 300) { .flatAffine(file: $0, from: "sform") },
  ]

  static func flipped(_ bytes: [UInt8], at index: Int) -> [UInt8] {
    var bytes = bytes
    bytes[index] ^= 4
    return bytes
  }

  @Test(arguments: sizes + fields)
  func refuses(_ spoilt: Spoilt) throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(spoilt.name, spoilt.bytes)
    #expect(throws: spoilt.error(file.path)) { try NIfTI.read(file) }
  }

  /// NaN is not equal to itself, so these compare in words.
  @Test(arguments: [(280, "srow_x[0]"), (292, "srow_x[3]"), (316, "srow_z[1]")])
  func refusesNaNInTheForm(offset: Int, field: String) throws {
    var fixture = NIfTIFixture()
    fixture.put(Self.nan, at: offset)
    try expectWords("\(field) is nan, not a usable number; repair the header", fixture)
  }

  @Test func refusesNaNIntercept() throws {
    var fixture = NIfTIFixture()
    fixture.put(Float(2).bitPattern, at: 112)
    fixture.put(Self.nan, at: 116)
    try expectWords("scl_inter is nan, not a usable number; repair the header", fixture)
  }

  @Test func refusesUnusableQform() throws {
    var fixture = NIfTIFixture()
    fixture.put(0 as Int16, at: 254)
    fixture.put(1 as Int16, at: 252)
    var sizes = fixture
    sizes.put(Float(-0.5).bitPattern, at: 80)
    try expectWords("pixdim[1] is -0.5, not a usable number; repair the header", sizes)
    var broken = fixture
    broken.put(Self.nan, at: 260)
    try expectWords("quatern_c is nan, not a usable number; repair the header", broken)
    var moved = fixture
    moved.put(Self.nan, at: 276)
    try expectWords("qoffset_z is nan, not a usable number; repair the header", moved)
    var long = fixture
    long.put(Float(1.5).bitPattern, at: 256)
    try expectWords(
      "quatern_b, c, d have the squared length 2.25, more than 1: no rotation; repair the qform", long)
  }

  @Test func refusesVoxelSizesOfNothing() throws {
    var fixture = NIfTIFixture()
    fixture.put(0 as Int16, at: 254)
    fixture.put(0 as UInt32, at: 88)
    try expectWords("pixdim[3] is 0.0, not a usable number; repair the header", fixture)
  }

  private func expectWords(_ words: String, _ fixture: NIfTIFixture) throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("a.nii", fixture.bytes)
    let error = #expect(throws: NIfTIError.self) { try NIfTI.read(file) }
    #expect(error?.description == "\(file.path): \(words)")
  }

  @Test func refusesWhatIsNotThere() throws {
    let folder = try TemporaryFolder()
    let missing = folder.file("a.nii")
    let absence = NIfTIError.cannotOpen(
      file: missing.path, reason: "No such file or directory", remedy: "check the path: a part of it is missing")
    #expect(throws: absence) { try NIfTI.read(missing) }
    let directory = folder.file("b.nii")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    let remedy = "give a file in its place"
    #expect(throws: NIfTIError.cannotOpen(file: directory.path, reason: "Is a directory", remedy: remedy)) {
      try NIfTI.read(directory)
    }
    let link = folder.file("c.nii")
    try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: "/gone/c.nii")
    let words =
      "it is a link to /gone/c.nii, which is not there; put what it leads to there, or another file in its place"
    #expect(throws: NIfTIError.deadLink(file: link.path, words: words)) { try NIfTI.read(link) }
    let loop = folder.file("d.nii")
    try FileManager.default.createSymbolicLink(atPath: loop.path, withDestinationPath: "d.nii")
    let circle = "it is a link that leads in a circle; put the file itself there"
    #expect(throws: NIfTIError.deadLink(file: loop.path, words: circle)) { try NIfTI.read(loop) }
  }

  @Test func aFileOnTheWayIsNamed() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("scans", [1])
    let error = #expect(throws: NIfTIError.self) { try NIfTI.read(file.appendingPathComponent("a.nii")) }
    #expect(
      error?.description
        == "\(file.path)/a.nii: cannot be opened (Not a directory); \(file.path) is a file, and a folder is needed there: correct"
        + " the path")
  }

  @Test func refusesHalfAPair() throws {
    let folder = try TemporaryFolder()
    var header = Array(NIfTIFixture().bytes.prefix(348))
    header.replaceSubrange(344..<348, with: Array("ni1".utf8) + [0])
    let file = try folder.write("a.hdr", header)
    #expect(throws: NIfTIError.missingPart(file: file.path, wanted: "a.img")) { try NIfTI.read(file) }
    let image = try folder.write("b.img", [0, 0])
    #expect(throws: NIfTIError.missingPart(file: image.path, wanted: "b.hdr")) { try NIfTI.read(image) }
  }
}
