import CHDF5
import Foundation

/// libFuzzer's entry: the input dictates an HDF5 file, read as a checkpoint behind its guard.
///
/// Whatever it holds, the reader returns: a checkpoint, or what is wrong in words. A checkpoint that it accepts can be
/// written again and read back as the same one.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  keepFreedMemory
  var file = HostileFile(Array(UnsafeBufferPointer(start: bytes, count: count))[...])
  guard let image = try? HDF5.image(growingBy: growth, { try file.build($0) }), let checkpoint = read(image) else {
    return 0
  }
  let again = try! HDF5.image(growingBy: growth, checkpoint.write)
  // Sections that were links to one group are groups of their own now; not-a-number equals nothing, itself included.
  let copy = read(again)!
  precondition(copy.sections.keys == checkpoint.sections.keys && copy.step == checkpoint.step)
  precondition(copy.history.map(\.bitPattern) == checkpoint.history.map(\.bitPattern))
  return 0
}

/// Files here have a few kilobytes; filling eight megabytes with zeros for each would be most of the time.
private let growth = 1 << 12

/// Else libhdf5 gives half a megabyte back to the system with every file, and gets it again with the next.
private let keepFreedMemory: Void = { _ = H5set_free_list_limits(-1, -1, -1, -1, -1, -1) }()

private func read(_ image: Data) -> Checkpoint? {
  do {
    return try HDF5.read(image) { try Checkpoint(planIdentity: String(repeating: "0", count: 64), root: $0) }
  } catch let failure as HDF5.Failure {
    precondition(!failure.operation.isEmpty || !failure.words.isEmpty)
    return nil
  } catch {
    preconditionFailure("an error of another kind: \(error)")
  }
}
