import CPJRT

/// A library that implements the PJRT C interface: XLA for some kind of device.
///
/// Opened once in a process and never closed, because its threads outlive every client.
package struct Plugin: @unchecked Sendable {
  /// Where the library lies.
  package let path: String
  /// The interface's version that it was built with, `0.81`.
  package let interface: String
  // Immutable for as long as the process lives, and its functions may be called from any thread.
  let table: UnsafePointer<pjrt_table>

  /// Loads and initialises the library.
  ///
  /// - Throws: `PJRTError`: no such file, no plugin, or one of another interface.
  package init(path: String) throws {
    var table: UnsafePointer<pjrt_table>?
    try PJRTError.check(cpjrt_open(path, &table), "to start", path: path)
    (self.path, self.table) = (path, table!)
    interface = "\(self.table.pointee.version.major).\(self.table.pointee.version.minor)"
  }

  /// Whether its clients take all cards that they see unless they are told which one: so do those for CUDA and ROCm, whose
  /// files are called `xla_cuda_plugin.so` and `xla_rocm_plugin.so`.
  var takesCards: Bool {
    let file = path.split(separator: "/").last ?? ""
    return file.contains("cuda") || file.contains("rocm")
  }
}
