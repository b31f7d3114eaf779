/// Collects a program's lines in StableHLO's text form: one function `main` whose values have numbers for names.
final class ProgramText {
  /// What the numbers of activations, parameters and gradients are: single precision, but for tests, which tell a fault of
  /// the text from rounding in double.
  let number: Value.Element
  /// Convolutions of single precision as such, where a device could round their operands.
  let exactConvolutions: Bool
  /// As `Value+Rounding.swift` says: the precision `bfloat16`.
  let rounds: Bool
  private var lines: [String] = []
  private var arguments: [String] = []

  init(number: Value.Element = .float32, exactConvolutions: Bool = true, rounds: Bool = false) {
    (self.number, self.exactConvolutions, self.rounds) = (number, exactConvolutions, rounds)
  }

  /// The next argument of `main`.
  ///
  /// - Parameter givenTo: the place of the result that may take its memory.
  func argument(_ shape: [Int], _ element: Value.Element, givenTo result: Int? = nil) -> Value {
    let name = "%arg\(arguments.count)"
    let attribute = result.map { " {tf.aliasing_output = \($0) : i32}" } ?? ""
    arguments.append("\(name): \(Value.type(shape, element))\(attribute)")
    return Value(program: self, name: name, shape: shape, element: element)
  }

  /// Appends an operation and names what it makes.
  func line(_ shape: [Int], _ element: Value.Element, _ operation: String) -> Value {
    let name = "%\(lines.count)"
    lines.append("\(name) = \(operation)")
    return Value(program: self, name: name, shape: shape, element: element)
  }

  /// The whole text, with these results.
  func text(returning results: [Value]) -> String {
    let types = results.map(\.type).joined(separator: ", ")
    return """
      module @safnet {
      func.func public @main(\(arguments.joined(separator: ", "))) -> (\(types)) {
      \(lines.joined(separator: "\n"))
      return \(results.map(\.name).joined(separator: ", ")) : \(types)
      }
      }

      """
  }
}

// MARK: - Constants

extension ProgramText {
  /// The number at every place. Floats are written as their bits, so that nothing is rounded on the way.
  func constant(_ number: Double, _ shape: [Int], _ element: Value.Element) -> Value {
    line(shape, element, "stablehlo.constant dense<\(literal(number, element))> : \(Value.type(shape, element))")
  }

  /// A list of numbers.
  func constant(_ numbers: [Double], _ element: Value.Element) -> Value {
    let list = numbers.map { literal($0, element) }.joined(separator: ", ")
    return line(
      [numbers.count], element, "stablehlo.constant dense<[\(list)]> : \(Value.type([numbers.count], element))")
  }

  /// 0, 1, 2, ... along one side.
  func counting(along side: Int, _ shape: [Int], _ element: Value.Element = .int32) -> Value {
    line(shape, element, "stablehlo.iota dim = \(side) : \(Value.type(shape, element))")
  }

  private func literal(_ number: Double, _ element: Value.Element) -> String {
    func bits(_ bits: some BinaryInteger, digits: Int) -> String {
      let hex = String(bits, radix: 16, uppercase: true)
      return "0x" + String(repeating: "0", count: digits - hex.count) + hex
    }
    switch element {
    case .float32: return bits(Float(number).bitPattern, digits: 8)
    case .float64: return bits(number.bitPattern, digits: 16)
    case .bfloat16: preconditionFailure("no program computes in bfloat16")
    case .int32, .byte: return String(Int(number))
    case .truth: return number == 0 ? "false" : "true"
    }
  }
}
