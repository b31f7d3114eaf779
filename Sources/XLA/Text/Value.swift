/// A tensor of a program that is being written: its name in the text, its sides and what its numbers are.
struct Value {
  /// What the numbers of a tensor are, by StableHLO's words.
  enum Element: String {
    case float32 = "f32"
    case float64 = "f64"
    /// Never computed with: operands of products, and what is kept.
    case bfloat16 = "bf16"
    case int32 = "i32"
    case byte = "ui8"
    case truth = "i1"
  }

  let program: ProgramText
  let name: String
  /// Empty for a single number.
  let shape: [Int]
  let element: Element

  var count: Int { shape.reduce(1, *) }
  var type: String { Self.type(shape, element) }

  /// `tensor<2x3xf32>`.
  static func type(_ shape: [Int], _ element: Element) -> String {
    "tensor<\((shape.map(String.init) + [element.rawValue]).joined(separator: "x"))>"
  }

  /// The same sides and elements, other numbers.
  func like(_ name: String) -> Value { Value(program: program, name: name, shape: shape, element: element) }

  // MARK: - Number by number

  private func unary(_ operation: String) -> Value { program.line(shape, element, "\(operation) \(name) : \(type)") }

  private func binary(_ operation: String, _ other: Value) -> Value {
    precondition(
      shape == other.shape && element == other.element, "\(operation) of \(type) and \(other.type)")
    return program.line(shape, element, "stablehlo.\(operation) \(name), \(other.name) : \(type)")
  }

  static func + (a: Value, b: Value) -> Value { a.binary("add", b) }
  static func - (a: Value, b: Value) -> Value { a.binary("subtract", b) }
  static func * (a: Value, b: Value) -> Value { a.binary("multiply", b) }
  static func / (a: Value, b: Value) -> Value { a.binary("divide", b) }
  static func + (a: Value, b: Double) -> Value { a + a.splat(b) }
  static func * (a: Value, b: Double) -> Value { a * a.splat(b) }
  static prefix func - (a: Value) -> Value { a.unary("stablehlo.negate") }

  func maximum(_ other: Value) -> Value { binary("maximum", other) }
  func minimum(_ other: Value) -> Value { binary("minimum", other) }
  func and(_ other: Value) -> Value { binary("and", other) }

  var exponential: Value { unary("stablehlo.exponential") }
  var logarithm: Value { unary("stablehlo.log") }
  /// `log(1 + x)`.
  var logarithmOfOnePlus: Value { unary("stablehlo.log_plus_one") }
  var squareRoot: Value { unary("stablehlo.sqrt") }
  /// `1 / (1 + exp(−x))`.
  var logistic: Value { unary("stablehlo.logistic") }
  var not: Value { unary("stablehlo.not") }
  /// The error function, which StableHLO itself does not have.
  var errorFunction: Value { program.line(shape, element, "chlo.erf \(name) : \(type) -> \(type)") }

  /// Neither infinite nor NaN.
  var isFinite: Value {
    program.line(shape, .truth, "stablehlo.is_finite \(name) : (\(type)) -> \(Self.type(shape, .truth))")
  }

  /// `EQ`, `GT`, `LT`, ...: the word of StableHLO.
  func compared(_ word: String, _ other: Value) -> Value {
    precondition(shape == other.shape && element == other.element, "\(word) of \(type) and \(other.type)")
    let kind: String =
      switch element {
      case .float32, .float64, .bfloat16: "FLOAT"
      case .int32: "SIGNED"
      case .byte, .truth: "UNSIGNED"
      }
    return program.line(
      shape, .truth,
      "stablehlo.compare \(word), \(name), \(other.name), \(kind) : (\(type), \(type)) -> \(Self.type(shape, .truth))")
  }

  func compared(_ word: String, _ other: Double) -> Value { compared(word, splat(other)) }

  /// Of every number where this is true `yes`, else `no`. A single truth chooses all.
  func select(_ yes: Value, _ no: Value) -> Value {
    precondition(yes.shape == no.shape && yes.element == no.element, "select of \(yes.type) and \(no.type)")
    return program.line(
      yes.shape, yes.element, "stablehlo.select \(name), \(yes.name), \(no.name) : \(type), \(yes.type)")
  }

  /// Zero where the mask is not true.
  func kept(where mask: Value) -> Value { mask.select(self, splat(0)) }

  /// The same numbers as others of another kind; truths become 0 and 1.
  func converted(to other: Element) -> Value {
    guard element != other else { return self }
    return program.line(shape, other, "stablehlo.convert \(name) : (\(type)) -> \(Self.type(shape, other))")
  }

  // MARK: - Constants beside it

  /// A number at every place of a tensor like this one.
  func splat(_ number: Double) -> Value { program.constant(number, shape, element) }
}
