import Experiments
import Foundation
import TestSupport
import Volumes

/// Tests of an experiment with a small dataset, whose cases are of patients, sites and scanners.
protocol GroupedSetSuite {
  /// Holds the dataset and its table.
  var temporary: TemporaryFolder { get }
}

extension GroupedSetSuite {
  static var names: [String] { (1...8).map { "c\($0)" } }
  static var groups: String { #","groups":{"file":"groups.csv"}"# }
  static var bySite: String { #""by":"site","validation":1"# }

  /// An nnU-Net set of eight empty files, which are listed and not read, and a table of their groups.
  static func groupedSet() throws -> TemporaryFolder {
    let temporary = try TemporaryFolder()
    for name in Self.names {
      try temporary.write("set/imagesTr/\(name)_0000.nii.gz", "")
      try temporary.write("set/labelsTr/\(name).nii.gz", "")
    }
    try temporary.write("set/dataset.json", #"{"labels":{"background":0,"L1":1}}"#)
    let rows = Self.names.enumerated().map { "\($1),p\($0 / 2),\($0 < 4 ? "north" : "south"),siemens\n" }
    try temporary.write("groups.csv", "case,patient,site,scanner\n\(rows.joined())")
    return temporary
  }

  func specification(_ dataset: String, _ folds: String = #""count":2,"validation":1"#) throws -> Specification {
    try temporary.write(
      "x.json", experiment(#""folds":{\#(folds)},"training":{"batch":2}"#, dataset: #"{"path":"set"\#(dataset)}"#))
    return try Specification.load(temporary.file("x.json"), workingDirectory: temporary.url)
  }

  func plan(_ dataset: String, _ folds: String = #""count":2,"validation":1"#) throws -> ExperimentPlan {
    let specification = try specification(dataset, folds)
    let opened = try specification.openDataset()
    _ = try specification.checkCounts(of: opened, labels: specification.labels(of: opened))
    return try ExperimentPlan(
      specification: specification, dataset: opened, fingerprint: DatasetFingerprint(digest: "ff", cases: 8),
      present: Dictionary(uniqueKeysWithValues: opened.names.map { ($0, [true]) }))
  }

  func refusal(_ dataset: String, _ folds: String = #""count":2,"validation":1"#) -> String {
    do {
      _ = try plan(dataset, folds)
      return "accepted"
    } catch { return "\(error)".replacingOccurrences(of: temporary.url.path + "/", with: "") }
  }
}
