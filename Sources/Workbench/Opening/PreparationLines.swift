/// Says what takes its time before a sweep: a counter on a terminal, the last count of each step elsewhere.
package struct PreparationLines: Sendable {
  private let console: any Console

  package init(_ console: any Console) { self.console = console }

  package func show(_ step: ExperimentOpening.Step) {
    switch step {
    case .phantom(let done, let all, let stays):
      counter(stays ? "writing the phantom" : "making the phantom up for this look", done, all)
    case .preparing(let done, let all): counter("checking and preparing cases", done, all)
    case .fingerprint: break
    case .census(let census): console.error(census.text)
    case .folds(let words): console.error("folds: \(words)")
    case .notice(let words): console.error("warning: \(words)")
    }
  }

  func counter(_ what: String, _ done: Int, _ all: Int) {
    let ending = done == all ? "\n" : "\r"
    guard console.isTerminal || done == all else { return }
    console.write("\(what): \(done) of \(all)\(ending)")
  }
}
