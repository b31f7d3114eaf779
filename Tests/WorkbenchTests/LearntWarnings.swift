import Foundation
import Store
import Workbench

/// What is said, of two folders of label maps, of cases that networks learnt from; nothing else that is said of them.
func learntWarnings(
  _ predictions: String, _ truths: String, _ names: ImageEvaluation.Names, in workspace: Workspace
) throws -> [String] {
  let console = RecordedConsole()
  _ = try FolderEvaluation(
    predictions: predictions, truths: truths, labels: nil,
    learnt: LearntCases(names, predictions: predictions, in: workspace), console: console)
  return console.errors.split(separator: "\n").map(String.init).filter { line in
    ["trained on by", "chose the checkpoint"].contains(where: line.contains)
  }
}
