import Foundation
import JSON
import Metrics
import Volumes

/// A fold as nnU-Net leaves it: `fold_K/validation/CASE.nii.gz` and `summary.json` with the keys of its
/// `evaluate_predictions.py` (version 2.8). Its folds count from 0, ours from 1; what it calls validation is our test.
package enum NNUNetFolder {
  /// Of our fold of that number.
  package static func folder(fold: Int) -> String { "fold_\(fold - 1)/validation" }

  /// `summary.json` of the cases of one fold. Where truth and prediction both lack a structure there is no Dice, which
  /// Python writes as NaN; means pass over it, and the foreground mean is NaN where a structure's mean is.
  package static func summary(_ cases: [CaseEvaluation], structures: LabelMap) -> Data {
    let labels = structures.structures.map(\.value)
    let scores = cases.map { one in labels.indices.map { Scores(one, structure: $0) } }
    let means = labels.indices.map { structure in
      Scores.keys.indices.map { key in mean(scores.compactMap { $0[structure].values[key] }) }
    }
    let perCase = zip(cases, scores).map { one, scores in
      let metrics = zip(labels, scores).map { ("\($0)", $1.text) }.sorted { $0.0 < $1.0 }
      let file = string("\(one.name).nii.gz")
      return """
            {
                "metrics": {
        \(metrics.map { "            \"\($0.0)\": \($0.1)" }.joined(separator: ",\n"))
                },
                "prediction_file": \(file),
                "reference_file": \(file)
            }
        """
    }
    let perLabel = zip(labels, means).map { ("\($0)", Scores.text($1)) }.sorted { $0.0 < $1.0 }
    let foreground = Scores.keys.indices.map { key in
      let known = means.compactMap { $0[key] }
      return known.count == means.count ? mean(known) : nil
    }
    let text = """
      {
          "foreground_mean": \(Scores.text(foreground)),
          "mean": {
      \(perLabel.map { "        \"\($0.0)\": \($0.1)" }.joined(separator: ",\n"))
          },
          "metric_per_case": [
      \(perCase.joined(separator: ",\n"))
          ]
      }

      """
    return Data(text.utf8)
  }

  /// `dataset.json`: the names of the labels, as nnU-Net keeps it beside a trained model.
  ///
  /// - Parameter channels: the numbers of those that the networks saw; what they are called, plans do not say.
  package static func dataset(_ structures: LabelMap, cases: Int, channels: [Int] = [0]) -> JSONValue {
    let names =
      channels == [0]
      ? [("0", JSONValue("image"))] : channels.enumerated().map { ("\($0)", .string("channel \($1)")) }
    var labels: [(String, JSONValue)] = [("background", .number(0))]
    labels += structures.structures.map { ($0.name, .number(Double($0.value))) }
    if let ignore = structures.ignore { labels.append(("ignore", .number(Double(ignore)))) }
    return .object([
      ("channel_names", .object(names)), ("labels", .object(labels)),
      ("numTraining", .number(Double(cases))), ("file_ending", ".nii.gz"),
    ])
  }

  /// Whether nnU-Net itself could train on these labels: 1, 2, 3 ... without a gap.
  package static func areConsecutive(_ structures: LabelMap) -> Bool {
    structures.structures.map(\.value).sorted() == Array(1..<structures.structures.count + 1)
  }

  private static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  private static func string(_ text: String) -> String { CanonicalJSON.text(.string(text)) }
}

/// nnU-Net's numbers of one structure in one case.
private struct Scores {
  /// In the order in which its files have them.
  static let keys = ["Dice", "FN", "FP", "IoU", "TN", "TP", "n_pred", "n_ref"]

  let values: [Double?]

  /// - Parameter structure: its place among the structures; its class is one more.
  init(_ one: CaseEvaluation, structure: Int) {
    let all = one.confusion.reduce(0, +)
    let common = one.commonVoxels[structure]
    let (missed, wrong) = (one.truthVoxels[structure] - common, one.predictedVoxels[structure] - common)
    let union = common + missed + wrong
    let dice = union == 0 ? nil : 2 * Double(common) / Double(common + union)
    let overlap = union == 0 ? nil : Double(common) / Double(union)
    let counts = [missed, wrong, all - union, common, common + wrong, common + missed].map { Optional(Double($0)) }
    values = [dice, counts[0], counts[1], overlap] + counts[2...]
  }

  var text: String { Self.text(values) }

  static func text(_ numbers: [Double?]) -> String {
    let members = zip(keys, numbers).map { key, value in
      "\"\(key)\": \(value.map { CanonicalJSON.text(.number($0)) } ?? "NaN")"
    }
    return "{\(members.joined(separator: ", "))}"
  }
}
