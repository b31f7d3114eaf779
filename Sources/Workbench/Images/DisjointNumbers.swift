import Metrics
import Text

/// Label maps of which no number is one of the truth's, so that every score is 0: one of both was drawn in other numbers.
struct DisjointNumbers {
  /// What must be said; nil where some number is in both, or one of both is empty.
  let words: String?

  /// - Parameter cases: with the numbers that their structures are called by.
  init(_ cases: [(numbers: [String], scores: CaseEvaluation)]) {
    func found(_ voxels: (CaseEvaluation) -> [Int]) -> [Int] {
      let all = cases.flatMap { one in zip(one.numbers, voxels(one.scores)).filter { $0.1 > 0 }.compactMap { Int($0.0) }
      }
      return Set(all).sorted()
    }
    let (predicted, truth) = (found(\.predictedVoxels), found(\.truthVoxels))
    guard !predicted.isEmpty, !truth.isEmpty, Set(predicted).isDisjoint(with: truth) else {
      words = nil
      return
    }
    let example = predicted.count == truth.count ? ", such as \(predicted[0]) as \(truth[0])" : ""
    words =
      "no number of the prediction (\(Self.list(predicted))) is one of the truth (\(Self.list(truth))), so that every score is 0:"
      + " write one of both with the other's numbers\(example)"
  }

  private static func list(_ numbers: [Int]) -> String {
    numbers.prefix(6).map(String.init).joined(separator: ", ")
      + (numbers.count > 6 ? " and \(numbers.count - 6) more" : "")
  }
}
