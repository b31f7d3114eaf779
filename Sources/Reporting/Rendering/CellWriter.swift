/// The signs in which the formats differ.
struct CellWriter: Sendable {
  let plusMinus: String
  let minus: String
  let less: String
  let missing: String
  let tick: String
  let noTick: String
  /// Wraps the text of a number, so that signs stand as in mathematics.
  let number: @Sendable (String) -> String
  let escape: @Sendable (String) -> String
  let best: @Sendable (String) -> String
  let second: @Sendable (String) -> String
  /// Stands behind what cannot be told from the best.
  var undecided = "†"

  func text(_ cell: Cell) -> String {
    let plain = self.plain(cell.content)
    let mark = cell.isUndecided ? undecided : ""
    switch cell.rank {
    case .best: return best(plain) + mark
    case .second: return second(plain) + mark
    case nil: return plain + mark
    }
  }

  private func plain(_ content: Cell.Content) -> String {
    switch content {
    case .missing: return missing
    case .text(let text): return escape(text)
    case .tick(let isSet): return isSet ? tick : noTick
    case .interval(let lower, let upper, let format):
      return "[\(number(signs(format.text(lower)))), \(number(signs(format.text(upper))))]"
    case .number(let value):
      let deviation = value.deviation.map { plusMinus + signs(unsigned(value.format).text($0)) } ?? ""
      let coverage = value.coverage.map { " (\(escape($0)))" } ?? ""
      return number(signs(value.format.text(value.value)) + deviation) + coverage
    }
  }

  private func signs(_ text: String) -> String {
    switch text.first {
    case "-": minus + text.dropFirst()
    case "<": less + text.dropFirst()
    default: text
    }
  }

  /// A deviation has no sign of its own.
  private func unsigned(_ format: NumberFormat) -> NumberFormat {
    if case .signed(let decimals) = format { .fixed(decimals) } else { format }
  }
}
