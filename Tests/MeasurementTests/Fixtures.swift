import Experiments
import Foundation

/// The smallest sound experiment, with `more` fields after the required ones, read from a file as `safnet plan` does.
func experiment(_ more: String = "", variants: String = #"[{"name":"SAFNet"}]"#) throws -> Specification {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("measurement-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let fields = [#""name":"x","dataset":{"path":"data"},"variants":"# + variants, more].filter { !$0.isEmpty }
  let file = folder.appendingPathComponent("x.json")
  try Data("{\(fields.joined(separator: ","))}".utf8).write(to: file)
  return try Specification.load(file, overrides: [], workingDirectory: folder)
}
