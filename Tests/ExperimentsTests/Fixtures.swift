import Foundation
import Testing

import Experiments

/// A folder that lives as long as one test, with experiment files in it.
final class ExperimentFolder {
  let url: URL

  init(_ files: [String: String] = [:]) throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("experiments-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    for (name, text) in files {
      let file = url.appendingPathComponent(name)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func load(_ name: String = "x.json", set overrides: [String] = []) throws -> Specification {
    try Specification.load(url.appendingPathComponent(name), overrides: overrides, workingDirectory: url)
  }

  /// One line for each mistake; empty when the file is sound.
  func mistakes(_ name: String = "x.json", set overrides: [String] = []) -> [String] {
    do {
      _ = try load(name, set: overrides)
      return []
    } catch let errors as SpecificationErrors {
      return errors.errors.map(\.description)
    } catch { return ["another kind of error: \(error)"] }
  }
}

/// The smallest sound experiment, with `more` fields after the required ones.
func experiment(
  _ more: String = "", variants: String = #"[{"name":"SAFNet"}]"#, dataset: String = "{\"path\":\"data\"}"
)
  -> String
{
  """
  {"name":"x",
  "dataset":\(dataset),
  "variants":\(variants)\(more.isEmpty ? "" : ",\n")\(more)}
  """
}
