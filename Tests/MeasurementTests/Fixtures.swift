import Experiments
import Foundation
import TestSupport

/// The smallest sound experiment, with `more` fields after the required ones, read from a file as `safnet plan` does.
func experiment(
  _ more: String = "", variants: String = #"[{"name":"SAFNet"}]"#, dataset: String = #"{"path":"data"}"#
) throws -> Specification {
  let folder = try TemporaryFolder()
  let fields = [#""name":"x","dataset":"# + dataset + #","variants":"# + variants, more].filter { !$0.isEmpty }
  let file = try folder.write("x.json", "{\(fields.joined(separator: ","))}")
  return try Specification.load(file, overrides: [], workingDirectory: folder.url)
}
