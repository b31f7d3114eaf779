/// Tensors whose sides are others.
extension Value {
  private func rearranged(_ shape: [Int], _ operation: String) -> Value {
    program.line(shape, element, "stablehlo.\(operation) : (\(type)) -> \(Self.type(shape, element))")
  }

  /// The same numbers in the same order with other sides.
  func reshaped(_ shape: [Int]) -> Value {
    precondition(count == shape.reduce(1, *), "\(type) does not become \(shape)")
    return self.shape == shape ? self : rearranged(shape, "reshape \(name)")
  }

  /// Side `k` of the result is side `order[k]` of this.
  func transposed(_ order: [Int]) -> Value {
    rearranged(order.map { shape[$0] }, "transpose \(name), dims = \(order)")
  }

  /// Copies along further sides: side `k` of this is side `places[k]` of the result.
  func spread(to shape: [Int], at places: [Int]) -> Value {
    precondition(zip(self.shape, places).allSatisfy { shape[$1] == $0 }, "\(type) at \(places) of \(shape)")
    return rearranged(shape, "broadcast_in_dim \(name), dims = \(places)")
  }

  /// One number at every place of a tensor of these sides.
  func spread(to shape: [Int]) -> Value { self.shape == shape ? self : spread(to: shape, at: []) }

  /// From `low`, until before `high`, along every side.
  func sliced(from low: [Int], to high: [Int], by steps: [Int]? = nil) -> Value {
    let steps = steps ?? low.map { _ in 1 }
    let sides = low.indices.map { (high[$0] - low[$0] + steps[$0] - 1) / steps[$0] }
    guard sides != shape else { return self }
    let ranges = low.indices.map { "\(low[$0]):\(high[$0]):\(steps[$0])" }.joined(separator: ", ")
    return rearranged(sides, "slice \(name) [\(ranges)]")
  }

  /// A range along one side.
  func sliced(_ range: Range<Int>, along side: Int) -> Value {
    var (low, high) = (shape.map { _ in 0 }, shape)
    (low[side], high[side]) = (range.lowerBound, range.upperBound)
    return sliced(from: low, to: high)
  }

  /// Zeros behind the last number of every side, until the sides are these.
  func padded(to shape: [Int]) -> Value {
    guard shape != self.shape else { return self }
    let zero = program.constant(0, [], element)
    let (none, high) = (shape.map { _ in 0 }, zip(shape, self.shape).map { $0 - $1 })
    return program.line(
      shape, element,
      "stablehlo.pad \(name), \(zero.name), low = \(none), high = \(high), interior = \(none) : "
        + "(\(type), \(zero.type)) -> \(Self.type(shape, element))")
  }

  /// Backwards along some sides.
  func reversed(_ sides: [Int]) -> Value {
    program.line(shape, element, "stablehlo.reverse \(name), dims = \(sides) : \(type)")
  }

  /// One after another along a side.
  static func joined(_ values: [Value], along side: Int) -> Value {
    let first = values[0]
    var shape = first.shape
    shape[side] = values.reduce(0) { $0 + $1.shape[side] }
    let (names, types) = (values.map(\.name).joined(separator: ", "), values.map(\.type).joined(separator: ", "))
    return first.program.line(
      shape, first.element,
      "stablehlo.concatenate \(names), dim = \(side) : (\(types)) -> \(type(shape, first.element))")
  }

  /// The slices of one side at these places, in this order.
  func gathered(_ places: [Int], along side: Int) -> Value {
    guard places != Array(0..<shape[side]) else { return self }
    var (shape, slice) = (shape, shape)
    (shape[side], slice[side]) = (places.count, 1)
    let indices = program.constant(places.map(Double.init), .int32)
    let others = shape.indices.filter { $0 != side }
    let numbers =
      "offset_dims = \(others), collapsed_slice_dims = [\(side)], start_index_map = [\(side)], index_vector_dim = 1"
    let sizes = slice.map(String.init).joined(separator: ", ")
    return program.line(
      shape, element,
      "\"stablehlo.gather\"(\(name), \(indices.name)) <{dimension_numbers = #stablehlo.gather<\(numbers)>, "
        + "slice_sizes = array<i64: \(sizes)>, indices_are_sorted = true}> : (\(type), \(indices.type)) -> "
        + Self.type(shape, element))
  }
}

/// Sums and the like over some sides, which the result does not have.
extension Value {
  private func reduced(_ operation: String, from start: Double, over sides: [Int]) -> Value {
    let start = program.constant(start, [], element)
    let rest = shape.indices.filter { !sides.contains($0) }.map { shape[$0] }
    return program.line(
      rest, element,
      "stablehlo.reduce(\(name) init: \(start.name)) applies stablehlo.\(operation) across dimensions = \(sides) : "
        + "(\(type), \(start.type)) -> \(Self.type(rest, element))")
  }

  func sum(over sides: [Int]) -> Value { reduced("add", from: 0, over: sides) }
  var sum: Value { sum(over: Array(shape.indices)) }
  func largest(over sides: [Int]) -> Value { reduced("maximum", from: -.infinity, over: sides) }
  /// Of whole numbers below 2³¹.
  func least(over sides: [Int]) -> Value { reduced("minimum", from: Double(Int32.max), over: sides) }
  func mean(over sides: [Int]) -> Value { sum(over: sides) * (1 / Double(sides.reduce(1) { $0 * shape[$1] })) }
}
