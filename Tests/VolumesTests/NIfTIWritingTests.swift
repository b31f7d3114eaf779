import Compute
import Foundation
import TestSupport
import Testing
import Volumes

@Suite struct NIfTIWritingTests {
  static let geometry = Geometry(
    shape: [3, 5, 4],
    affine: Affine(rows: [SIMD4(0.1, -0.02, 3.9, -11), SIMD4(0.02, -0.74, 0.1, 7), SIMD4(-0.5, -0.02, 0.5, 30)]))

  @Test(arguments: ["a.nii", "a.nii.gz"])
  func readsBackWhatWasWritten(name: String) throws {
    let file = try TemporaryFolder()
    let target = file.file(name)
    let values = (0..<60).map { Int16($0 * 500 - 15000) }
    try NIfTI.write(values, geometry: Self.geometry, to: target)
    let volume = try NIfTI.read(target)
    #expect(volume.geometry.axes.codes == "IPR")
    #expect(volume.grid == Self.geometry.axes.grid(fromFile: values.map { Double($0) }, shape: [3, 5, 4]))
    for row in 0..<3 {
      for column in 0..<4 {
        let wanted = Self.geometry.affine.rows[row][column]
        #expect(volume.geometry.affine.rows[row][column] == Double(Float(wanted)), "sform is single precision")
      }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: file.url.path) == [name], "no temporary file is left")
  }

  @Test(arguments: golden("nifti", [GoldenVolume].self))
  func keepsTheTemplatesGeometry(_ known: GoldenVolume) throws {
    let folder = try TemporaryFolder()
    for (name, content) in known.files { try folder.write(name, Array(content)) }
    let template = folder.file(known.main)
    let labels = (0..<known.shape.reduce(1, *)).map { UInt8($0 % 7) }
    let output = folder.file("labels.nii.gz")
    try NIfTI.write(labels, like: template, to: output)
    let volume = try NIfTI.read(output)
    #expect(volume.geometry == (try NIfTI.readGeometry(template)))
    #expect(volume.geometry.axes.file(from: volume.grid, shape: known.shape) == labels.map { Double($0) })
  }

  /// The fields that say where voxels lie are the template's, bit for bit; scaling and meaning are not taken over.
  @Test func keepsHeaderFields() throws {
    let folder = try TemporaryFolder()
    var fixture = NIfTIFixture()
    fixture.bytes[123] = 2
    fixture.put(2 as Int16, at: 252)
    fixture.put(4 as Int16, at: 254)
    fixture.put(Float(0.25).bitPattern, at: 256)
    fixture.put(Float(3).bitPattern, at: 112)
    fixture.put(1002 as Int16, at: 68)
    let template = try folder.write("a.nii", fixture.bytes)
    let output = folder.file("b.nii")
    try NIfTI.write([UInt8](repeating: 1, count: 60), like: template, to: output)
    let bytes = [UInt8](try Data(contentsOf: output))
    let header = NIfTIHeader(bytes, version: .one, bigEndian: false)
    let wanted = NIfTIHeader(fixture.bytes, version: .one, bigEndian: false)
    #expect(header.sform == wanted.sform)
    #expect(header.quaternion == wanted.quaternion)
    #expect((header.qformCode, header.sformCode, header.units) == (2, 4, 2))
    #expect(header.pixelSizes[0...3] == wanted.pixelSizes[0...3])
    #expect((header.datatype, header.bits) == (2, 8))
    #expect(header.slope == 1 && header.intercept == 0)
    #expect(Array(bytes[68..<70]) == [0, 0], "the intent was the template's, not the mask's")
  }

  @Test func saysWhenItCannotWrite() throws {
    let target = URL(fileURLWithPath: "/nowhere/a.nii")
    let error = #expect(throws: NIfTIError.self) {
      try NIfTI.write([UInt8](repeating: 0, count: 60), geometry: Self.geometry, to: target)
    }
    #expect(error == .noFolder(file: "/nowhere/a.nii", folder: "/nowhere"))
    #expect(throws: NIfTIError.unknownExtension(file: "/tmp/a.png")) {
      try NIfTI.write(
        [UInt8](repeating: 0, count: 60), geometry: Self.geometry, to: URL(fileURLWithPath: "/tmp/a.png"))
    }
  }

  /// In a process of its own, whose files may not grow: niftilib itself does not say so.
  @Test func noticesAFullDisk() async {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      let target = folder.file("a.nii")
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 100, rlim_max: 100)
      guard setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0 else { throw CancellationError() }
      do {
        try NIfTI.write([UInt8](repeating: 0, count: 60), geometry: NIfTIWritingTests.geometry, to: target)
        throw CancellationError()
      } catch let error as NIfTIError {
        guard error.file == target.path, try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty
        else { throw CancellationError() }
      }
    }
  }

  /// The name that an earlier program would have written under, taken by another as a link to what is not ours.
  @Test func aLinkUnderATemporaryNameIsNotWrittenThrough() throws {
    let folder = try TemporaryFolder()
    let victim = folder.file("victim")
    try Data("precious".utf8).write(to: victim)
    let temporary = folder.file(".writing-\(getpid())-a.nii")
    try FileManager.default.createSymbolicLink(atPath: temporary.path, withDestinationPath: victim.path)
    try NIfTI.write([UInt8](repeating: 0, count: 60), geometry: Self.geometry, to: folder.file("a.nii"))
    #expect(try Data(contentsOf: victim) == Data("precious".utf8))
    let kind = try FileManager.default.attributesOfItem(atPath: folder.file("a.nii").path)[.type] as? FileAttributeType
    #expect(kind == .typeRegular)
  }
}
