import Experiments
import Foundation
import JSON
import Volumes

/// Label maps as a derivative of BIDS (bids-specification, version 1.10): `sub-X/anat/sub-X_dseg.nii.gz` with a sidecar,
/// the labels' names in `dseg.tsv`, and what made them in `dataset_description.json`.
package struct BIDSDerivative: Sendable {
  /// A case under its name in BIDS.
  package struct Subject: Sendable, Equatable {
    package let name: String
    /// The dataset's own name of it.
    package let original: String
    /// Letters and digits only: what BIDS allows behind `sub-`.
    package let label: String

    /// Where a file of it lies.
    package func path(_ ending: String) -> String { "sub-\(label)/anat/sub-\(label)_\(ending)" }
  }

  package let version: String
  package let structures: LabelMap
  package let subjects: [Subject]

  /// - Parameter cases: their names in the dataset; two that differ in signs only get numbers behind their labels.
  package init(cases: [String], structures: LabelMap, version: String) {
    (self.structures, self.version) = (structures, version)
    var taken: Set<String> = []
    subjects = cases.map { name in
      let plain = String(name.unicodeScalars.filter { $0.isASCII && CharacterSet.alphanumerics.contains($0) })
      let first = Self.subject(of: name) ?? (plain.isEmpty ? "case" : plain)
      var (label, number) = (first, 1)
      while !taken.insert(label.lowercased()).inserted {
        number += 1
        label = "\(first)x\(number)"
      }
      return Subject(name: "sub-\(label)", original: name, label: label)
    }
  }

  /// `X` of a case that is called `sub-X`, or `sub-X_T2w`.
  private static func subject(of name: String) -> String? {
    guard name.hasPrefix("sub-") else { return nil }
    let label = name.dropFirst(4).prefix { $0 != "_" }
    return !label.isEmpty && label.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) } ? String(label) : nil
  }

  /// `dataset_description.json`.
  package func description(name: String, networks: [NetworkSource]) -> JSONValue {
    .object([
      ("Name", .string(name)), ("BIDSVersion", "1.10.0"), ("DatasetType", "derivative"),
      (
        "GeneratedBy",
        .array([
          .object([
            ("Name", "safnet"), ("Version", .string(version)),
            (
              "Description",
              .string("Label maps of the test cases of \(networks.map(\.run).joined(separator: ", "))")
            ),
          ])
        ])
      ),
    ])
  }

  /// `participants.tsv`: whose case each subject is.
  package var participants: String {
    Self.table(["participant_id", "case"], subjects.map { [$0.name, $0.original] })
  }

  /// What the columns of `participants.tsv` mean.
  package var participantsDescription: JSONValue {
    .object([("case", .object([("Description", "The case's name in the dataset that was segmented")]))])
  }

  /// `dseg.tsv`: the number and the name of each label.
  package var labels: String {
    Self.table(
      ["index", "name"],
      [["0", "background"]] + structures.structures.map { ["\($0.value)", $0.name] })
  }

  /// The sidecar of a label map.
  package func sidecar(of subject: Subject, by network: NetworkSource) -> JSONValue {
    .object([
      ("Description", .string("Label map of \(subject.original) by \(network.run)")), ("Manual", false),
      ("SpatialReference", "orig"), ("Network", .object(network.members)),
    ])
  }

  /// Tabs and line ends have no place in a cell.
  private static func table(_ heading: [String], _ rows: [[String]]) -> String {
    ([heading] + rows).map { row in
      row.map { cell in String(cell.map { $0.isNewline || $0 == "\t" ? " " : $0 }) }.joined(separator: "\t") + "\n"
    }.joined()
  }
}
