import Foundation
import JSON
import System
import Volumes

/// A dataset that an experiment names and that is not there: the experiment, or the dataset, was moved.
extension Specification {
  /// The same with the field whose path is likely the mistake, and with what an experiment's user can do about a path
  /// that leads nowhere.
  ///
  /// - Parameter field: where the path stands, or what asks for a part of the folder.
  func telling<Opened>(
    _ path: WrittenPath, field: JSONPath, _ open: () throws(DatasetErrors) -> Opened
  ) throws(DatasetErrors) -> Opened {
    do throws(DatasetErrors) { return try open() } catch {
      let root = path.url(workingDirectory: workingDirectory).path
      let isOfPath = error.problems.contains { $0.isOf(root: root) }
      // The training set is never meant for the test set, nor the other way round.
      let isTest = field.steps.first == .key("test")
      let other = isTest ? datasetRoot : test?.path?.url(workingDirectory: workingDirectory)
      let isOption = if case .option = path.origin { true } else { false }
      throw DatasetErrors(
        error.problems.map { problem in
          guard case .nothingThere(let folder, let nearest) = problem, folder == root else { return problem }
          let beside = URL(fileURLWithPath: folder).deletingLastPathComponent()
          let isOther = nearest.map { Self.areSame(beside.appendingPathComponent($0), other) } ?? false
          return .lostDataset(
            folder: folder, nearest: isOther ? nil : nearest, elsewhere: elsewhere(path, than: other),
            option: isOption ? "\(field)" : nil)
        }, field: isOfPath ? self.field(field) : nil)
    }
  }

  /// Whether anything is where the cases of a test set should be: looked at before the first image is prepared.
  ///
  /// - Throws: where there is nothing.
  package func checkTestPlace() throws(DatasetErrors) {
    guard let path = test?.path else { return }
    try telling(path, field: "test.path") { () throws(DatasetErrors) in
      let place = path.url(workingDirectory: workingDirectory)
      if !FileManager.default.fileExists(atPath: place.path) { throw DatasetErrors(nothingAt: place) }
    }
  }

  /// A dataset of the same name beside the experiment or above it, as the path to write; nil where there is none.
  ///
  /// - Parameter other: what the experiment has another use for.
  private func elsewhere(_ path: WrittenPath, than other: URL?) -> String? {
    let start: URL =
      switch path.origin {
      case .option: workingDirectory
      case .file(let file): URL(fileURLWithPath: file, relativeTo: workingDirectory).deletingLastPathComponent()
      }
    let names = path.text.split(separator: "/").map(String.init).filter { ![".", ".."].contains($0) }
    guard !names.isEmpty else { return nil }
    let tails = names.indices.map { names[$0...].joined(separator: "/") }
    var (folder, steps) = (start.absoluteURL.physicalFileURL, "")
    for _ in 0..<Self.levels where folder.path != "/" {
      for tail in (tails + ["data/\(names[names.count - 1])"]) + ["data"] {
        let candidate = folder.appendingPathComponent(tail)
        if !Self.areSame(candidate, other), Dataset.isOne(candidate) { return steps + tail }
      }
      (folder, steps) = (folder.deletingLastPathComponent(), steps + "../")
    }
    return nil
  }

  private static func areSame(_ one: URL, _ other: URL?) -> Bool {
    one.resolvingSymlinksInPath().path == other?.resolvingSymlinksInPath().path
  }

  /// The experiment's folder, and those above it.
  private static let levels = 4
}
