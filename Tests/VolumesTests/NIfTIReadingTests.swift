import Compute
import Crypto
import Foundation
import TestSupport
import Testing
import Volumes

/// What nibabel read from a file: see Golden/make_nifti.py.
struct GoldenVolume: Decodable, Sendable, CustomTestStringConvertible {
  var name: String
  var main: String
  var files: [String: Data]
  var shape: [Int]
  var codes: String
  var spacing: [Double]
  var affine: [[Double]]
  var values: [Double]
  var testDescription: String { name }
}

/// As above for a file that is not in the repository.
struct GoldenFile: Decodable, Sendable, CustomTestStringConvertible {
  struct Sample: Decodable { var at: [Int], value: Double }
  var path: String
  var bytes: Int
  /// A series of volumes, which is refused; the facts below are then absent.
  var series: [Int]?
  var shape: [Int]?
  var codes: String?
  var spacing: [Double]?
  var affine: [[Double]]?
  var minimum: Double?
  var maximum: Double?
  var mean: Double?
  var samples: [Sample]?
  var sha256: String?
  var testDescription: String { path }
}

func golden<T: Decodable>(_ name: String, _: T.Type = T.self) -> T {
  let file = Bundle.module.url(forResource: "Golden/\(name)", withExtension: "json")!
  return try! JSONDecoder().decode(T.self, from: Data(contentsOf: file))
}

@Suite struct NIfTIReadingTests {
  static let realRoot = RealData.folder("real")
  static let hasRealImages = FileManager.default.fileExists(atPath: realRoot.path)

  /// Header fields are single or double precision; niftilib and nibabel turn a quaternion into a matrix by different
  /// steps, some tens of roundings of single-precision components of at most 40 mm each.
  static let affineTolerance = 40 * 32 * Double(Float.ulpOfOne)

  func expectGeometry(_ geometry: Geometry, shape: [Int], codes: String, spacing: [Double], affine: [[Double]]) {
    #expect(geometry.shape == shape)
    #expect(geometry.axes.codes == codes)
    for axis in 0..<3 { #expect(abs(geometry.spacing[axis] - spacing[axis]) <= Self.affineTolerance) }
    for row in 0..<3 {
      for column in 0..<4 {
        #expect(abs(geometry.affine.rows[row][column] - affine[row][column]) <= Self.affineTolerance)
      }
    }
  }

  @Test(arguments: golden("nifti", [GoldenVolume].self))
  func readsWhatNibabelReads(_ known: GoldenVolume) throws {
    let folder = try TemporaryFolder()
    for (name, content) in known.files { try folder.write(name, Array(content)) }
    let volume = try NIfTI.read(folder.file(known.main))
    expectGeometry(
      volume.geometry, shape: known.shape, codes: known.codes, spacing: known.spacing, affine: known.affine)
    #expect(volume.grid.extent == volume.geometry.extent)
    #expect(volume.grid.values == known.values)
  }

  @Test(
    .enabled(if: hasRealImages, "the real images are not on this machine"), arguments: golden("real", [GoldenFile].self)
  )
  func readsRealImagesAsNibabelDoes(_ known: GoldenFile) throws {
    let file = Self.realRoot.appendingPathComponent(known.path)
    if let series = known.series {
      #expect(throws: NIfTIError.severalVolumes(file: file.path, dimensions: series)) { try NIfTI.read(file) }
      return
    }
    let volume = try NIfTI.read(file)
    expectGeometry(
      volume.geometry, shape: try #require(known.shape), codes: try #require(known.codes),
      spacing: try #require(known.spacing), affine: try #require(known.affine))
    let values = volume.grid.values
    #expect(values.min() == known.minimum)
    #expect(values.max() == known.maximum)
    let mean = values.reduce(0, +) / Double(values.count)
    #expect(abs(mean - known.mean!) <= 1e-12 * Double(values.count).squareRoot() * known.maximum!)
    for sample in known.samples! { #expect(volume.grid[sample.at[0], sample.at[1], sample.at[2]] == sample.value) }
    #expect(values.withUnsafeBytes { SHA256.hash(data: $0).hex } == known.sha256)
  }

  @Test(arguments: [1, 2], [false, true])
  func readsTheFixture(version: Int, bigEndian: Bool) throws {
    let folder = try TemporaryFolder()
    let fixture = NIfTIFixture(version: version, bigEndian: bigEndian)
    for name in ["a.nii", "b.nii.gz"] {
      let content = name.hasSuffix("gz") ? gzipMember(fixture.bytes) : fixture.bytes
      let volume = try NIfTI.read(try folder.write(name, content))
      #expect(volume.geometry.axes.codes == "RAS")
      #expect(volume.geometry.spacing == SIMD3(0.5, 4, 0.75))
      // R, I, P of R, A, S: the second and third axes change places and run the other way.
      #expect(volume.grid.extent == Extent3(3, 4, 5))
      #expect(volume.grid[0, 0, 0] == Double(0 + 3 * 4 + 15 * 3))
      #expect(volume.grid[2, 3, 1] == Double(2 + 3 * 3 + 15 * 0))
    }
  }

  @Test(arguments: [(1, 1000.0), (2, 1.0), (3, 0.001), (0, 1.0)])
  func spacingIsInMillimetres(unit: UInt8, factor: Double) throws {
    var fixture = NIfTIFixture()
    fixture.bytes[123] = unit
    let folder = try TemporaryFolder()
    let geometry = try NIfTI.readGeometry(folder.write("a.nii", fixture.bytes))
    #expect(geometry.spacing == SIMD3(0.5, 4, 0.75) * factor)
  }

  /// niftilib's own loader would make zeros of them, and a broken image would pass for a sound one.
  @Test func keepsNonFiniteVoxels() throws {
    var fixture = NIfTIFixture(shape: [2, 1, 1])
    fixture.put(16 as Int16, at: 70)
    fixture.put(32 as Int16, at: 72)
    fixture.bytes += [0, 0, 0, 0]
    fixture.put(Float.nan.bitPattern, at: 352)
    fixture.put(Float.infinity.bitPattern, at: 356)
    let folder = try TemporaryFolder()
    let values = try NIfTI.read(folder.write("a.nii", fixture.bytes)).grid.values
    #expect(values[0].isNaN)
    #expect(values[1] == .infinity)
  }

  @Test func toleratesWhatReadersTolerate() throws {
    let folder = try TemporaryFolder()
    var noBits = NIfTIFixture()
    noBits.put(0 as Int16, at: 72)
    #expect(try NIfTI.read(folder.write("bits.nii", noBits.bytes)).grid.values.max() == 59)
    var nanSlope = NIfTIFixture()
    nanSlope.put(Float.nan.bitPattern, at: 112)
    nanSlope.put(Float.nan.bitPattern, at: 116)
    #expect(try NIfTI.read(folder.write("slope.nii", nanSlope.bytes)).grid.values.max() == 59)
    let padded = NIfTIFixture().bytes + [UInt8](repeating: 7, count: 100)
    #expect(try NIfTI.read(folder.write("padded.nii", padded)).grid.values.max() == 59)
  }

  /// As in datasets of git-annex and DataLad: a link's own length says nothing of the file.
  @Test func aLinkToAnUncompressedFileIsRead() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("annex/object.nii", NIfTIFixture().bytes)
    try FileManager.default.createSymbolicLink(at: folder.file("a.nii"), withDestinationURL: file)
    #expect(try NIfTI.read(folder.file("a.nii")).grid.values.max() == 59)
  }
}
