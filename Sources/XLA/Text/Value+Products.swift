import Compute

/// Matrix products and convolutions.
extension Value {
  /// Sums of products over pairs of sides: not of rounded operands, whatever the precision. The result has the batch sides, then
  /// what is left of this, then of `other`.
  func product(_ other: Value, over pairs: [(Int, Int)], batch: [(Int, Int)] = []) -> Value {
    product(other, over: pairs, batch: batch, to: element, "HIGHEST")
  }

  /// The same of operands that are rounded where the precision says so; sums are not.
  func roundedProduct(_ other: Value, over pairs: [(Int, Int)], batch: [(Int, Int)] = []) -> Value {
    guard program.rounds else { return product(other, over: pairs, batch: batch) }
    return operand.product(other.operand, over: pairs, batch: batch, to: element, "DEFAULT")
  }

  private func product(
    _ other: Value, over pairs: [(Int, Int)], batch: [(Int, Int)], to sum: Element, _ precision: String
  ) -> Value {
    func left(_ value: Value, _ used: [Int]) -> [Int] {
      value.shape.indices.filter { !used.contains($0) }.map { value.shape[$0] }
    }
    let shape =
      batch.map { self.shape[$0.0] } + left(self, (pairs + batch).map(\.0)) + left(other, (pairs + batch).map(\.1))
    let batches = batch.isEmpty ? "" : "batching_dims = \(batch.map(\.0)) x \(batch.map(\.1)), "
    return program.line(
      shape, sum,
      "stablehlo.dot_general \(name), \(other.name), \(batches)contracting_dims = \(pairs.map(\.0)) x \(pairs.map(\.1)), "
        + "precision = [\(precision), \(precision)] : (\(type), \(other.type)) -> \(Self.type(shape, sum))")
  }

  /// What a convolution is, besides its operands; three numbers for the three sides of a volume.
  struct Window {
    /// Which side of input, kernel and result is what, as in `[b, 0, 1, 2, f]x[o, i, 0, 1, 2]->[b, 0, 1, 2, f]`.
    var sides: String
    var stride = [1, 1, 1]
    /// Zeros before and behind the input; fewer than none cut it.
    var padding: [(low: Int, high: Int)]
    /// Input numbers lie so far apart, with zeros between.
    var inputSteps = [1, 1, 1]
    /// Kernel numbers lie so far apart.
    var kernelSteps = [1, 1, 1]
    /// Channels by themselves, so many.
    var channelGroups = 1
    /// Cases by themselves, so many.
    var batchGroups = 1
  }

  /// A convolution whose result has these sides. Operands and result are rounded where the precision says so, the sums between
  /// them are not.
  func convolved(_ kernel: Value, _ window: Window, to shape: [Int]) -> Value {
    guard program.rounds else { return summed(kernel, window, to: shape) }
    return operand.summed(kernel.operand, window, to: shape).converted(to: element)
  }

  private func summed(_ kernel: Value, _ window: Window, to shape: [Int]) -> Value {
    let padding = window.padding.map { "[\($0.low), \($0.high)]" }.joined(separator: ", ")
    let rounding = "#stablehlo<precision \(program.exactConvolutions ? "HIGHEST" : "DEFAULT")>"
    return program.line(
      shape, element,
      "stablehlo.convolution(\(name), \(kernel.name)) dim_numbers = \(window.sides), window = {"
        + "stride = \(window.stride), pad = [\(padding)], lhs_dilate = \(window.inputSteps), "
        + "rhs_dilate = \(window.kernelSteps)} {batch_group_count = \(window.batchGroups) : i64, "
        + "feature_group_count = \(window.channelGroups) : i64, precision_config = [\(rounding), \(rounding)]} : "
        + "(\(type), \(kernel.type)) -> \(Self.type(shape, element))")
  }
}
