import Foundation
import Scheduling

/// Says what takes its time before a sweep: a counter on a terminal, the last count of each step elsewhere.
enum PreparationLines {
  static func show(_ step: ExperimentOpening.Step) {
    switch step {
    case .phantom(let done, let all): counter("writing the phantom", done, all)
    case .preparing(let done, let all): counter("checking and preparing cases", done, all)
    case .fingerprint: break
    }
  }

  private static func counter(_ what: String, _ done: Int, _ all: Int) {
    let ending = done == all ? "\n" : "\r"
    guard Console.errorIsTerminal || done == all else { return }
    Console.write("\(what): \(done) of \(all)\(ending)", to: .standardError)
  }
}
