import JSON

/// Fields and their values as names and tables show them: `learningRate 3e-4`.
package enum FieldLabel {
  /// The shortest ends of the paths that tell them apart: `learningRate`, `schedule.factor`.
  package static func labels(of paths: [JSONPath]) -> [String] {
    let steps = paths.map { path in
      path.steps.compactMap { step -> String? in if case .key(let key) = step { key } else { nil } }
    }
    return steps.map { own in
      let count = (1...max(1, own.count)).first { count in
        steps.count { $0.suffix(count) == own.suffix(count) } == 1
      }
      return own.suffix(count ?? own.count).joined(separator: ".")
    }
  }

  /// The shorter of `0.0003` and `3e-4`, whole numbers in full; words without quotes, everything else as canonical JSON.
  package static func text(_ value: JSONValue) -> String {
    switch value {
    case .string(let text): text
    case .number(let number): text(number)
    default: CanonicalJSON.text(value)
    }
  }

  private static func text(_ number: Double) -> String {
    let plain = CanonicalJSON.text(number)
    if number == number.rounded(), number.magnitude < 1e6 { return plain }
    let sign = plain.hasPrefix("-") ? "-" : ""
    let digits = plain.dropFirst(sign.count)
    guard !digits.contains("e"), let first = digits.firstIndex(where: { $0 != "0" && $0 != "." }) else { return plain }
    let point = digits.firstIndex(of: ".") ?? digits.endIndex
    var mantissa = digits[first...].filter { $0 != "." }
    while mantissa.last == "0" { mantissa.removeLast() }
    let exponent =
      first < point
      ? digits.distance(from: first, to: point) - 1 : -digits.distance(from: digits.index(after: point), to: first) - 1
    let fraction = mantissa.count > 1 ? "." + mantissa.dropFirst() : ""
    let scientific = "\(sign)\(mantissa.prefix(1))\(fraction)e\(exponent)"
    return scientific.count < plain.count ? scientific : plain
  }
}
