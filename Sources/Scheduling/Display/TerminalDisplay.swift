import Foundation

/// Live lines on a terminal: one per running fold and one for the sweep, rewritten in place; events scroll above them.
package final class TerminalDisplay: SweepDisplay {
  private let write: (String) -> Void
  private let columns: () -> Int
  private var shown: [String] = []

  /// - Parameters:
  ///   - columns: the terminal's width; longer lines are cut, as a wrapped one could not be rewritten.
  package init(write: @escaping (String) -> Void, columns: @escaping () -> Int) {
    (self.write, self.columns) = (write, columns)
  }

  package func note(_ event: SweepEvent) {
    let live = shown
    write(erasure() + ProgressText.event(event) + "\n")
    draw(live)
  }

  package func update(_ snapshot: SweepSnapshot) {
    let width = snapshot.running.map(\.run.label.count).max() ?? 0
    var lines = snapshot.running.map { ProgressText.line($0, labelWidth: width) }
    lines.append(ProgressText.summary(snapshot))
    guard lines != shown else { return }
    write(erasure())
    draw(lines)
  }

  package func close() { write(erasure()) }

  private func draw(_ lines: [String]) {
    let limit = max(columns(), 20) - 1
    write(lines.map { String($0.prefix(limit)) + "\n" }.joined())
    shown = lines
  }

  /// Up over the live lines, clearing each.
  private func erasure() -> String {
    let text = String(repeating: "\u{1B}[1A\u{1B}[2K", count: shown.count)
    shown = []
    return text
  }
}
