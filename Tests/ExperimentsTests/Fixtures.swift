import Foundation
import TestSupport
import Testing

import Experiments

/// A folder that lives as long as one test, with experiment files in it.
final class ExperimentFolder {
  private let temporary: TemporaryFolder
  var url: URL { temporary.url }

  init(_ files: [String: String] = [:]) throws {
    temporary = try TemporaryFolder()
    for (name, text) in files { try temporary.write(name, text) }
  }

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
