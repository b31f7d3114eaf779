import Foundation

/// A folder of this process alone: its name cannot be foreseen, and nobody else may put anything into it. What is written
/// in a shared folder under a name that others can guess may be somebody's symbolic link to a third file.
package enum PrivateFolder {
  /// Makes `BEGINNING` and six random letters, for the owner only.
  package static func create(in parent: URL, beginning: String) throws(SystemError) -> URL {
    var path = Array(parent.appending(path: beginning + "XXXXXX").path.utf8CString)
    guard mkdtemp(&path) != nil else { throw SystemError(file: parent.path, action: .create, code: errno) }
    let name = path.dropLast().map { UInt8(bitPattern: $0) }
    return URL(fileURLWithPath: String(decoding: name, as: UTF8.self), isDirectory: true)
  }
}
