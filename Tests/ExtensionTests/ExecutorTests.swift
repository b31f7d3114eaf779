import Foundation
import Scheduling
import Testing

/// An executor that was added in one file and one registration drives a sweep from its specification to its report.
@Suite struct ExecutorTests {
  private static let variants = """
    { "name": "SAFNet" }, { "name": "Base", "model": { "aspp": false, "attention": false, "multiscale": false } }
    """

  @Test func oneMoreExecutorTrainsAWholeSweep() throws {
    let product = WholeProduct(variants: Self.variants)
    let outcome = try product.sweep()
    #expect(outcome.finished.map(\.label) == ["SAFNet, fold 1", "SAFNet, fold 2", "Base, fold 1", "Base, fold 2"])
    #expect(outcome.failed.isEmpty)
    #expect(product.console.written.contains("SAFNet, fold 2 waits for its turn (one by one)"))

    let report = try product.report()
    #expect(report.status == nil)
    for method in ["SAFNet", "Base"] {
      #expect(report.table(.folds)?.cell(row: method, column: "Mean").map { $0.content != .missing } == true)
    }
    let files = try FileManager.default.contentsOfDirectory(atPath: product.folder.appending(path: "Report").path)
    #expect(Set(files).isSuperset(of: ["report.md", "folds.csv", "cost.csv"]))
  }
}
