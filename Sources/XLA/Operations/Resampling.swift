import Compute
import Networks

extension Value {
  /// The windows of a pooling, `[N, D, s₀, H, s₁, W, s₂, C]`; what belongs to no window is left out.
  fileprivate func windows(_ s: [Int]) -> Value {
    let whole = [shape[1] / s[0], shape[2] / s[1], shape[3] / s[2]]
    let inside = [shape[0], whole[0] * s[0], whole[1] * s[1], whole[2] * s[2], shape[4]]
    return sliced(from: [0, 0, 0, 0, 0], to: inside)
      .reshaped([shape[0], whole[0], s[0], whole[1], s[1], whole[2], s[2], shape[4]])
  }

  /// The way back, with zeros for what belongs to no window.
  fileprivate func unwindowed(to other: [Int]) -> Value {
    reshaped([shape[0], shape[1] * shape[2], shape[3] * shape[4], shape[5] * shape[6], shape[7]]).padded(to: other)
  }
}

extension AveragePooling: XLAOperation {
  func written(_ call: OperationCall) -> WrittenOperation {
    let x = call.x
    let windows = x.windows(window.sides)
    return WrittenOperation(windows.mean(over: [2, 4, 6])) { dy in
      (dy * (1 / Double(window.count))).spread(to: windows.shape, at: [0, 1, 3, 5, 7]).unwindowed(to: x.shape)
    }
  }
}

extension MaxPooling: XLAOperation {
  /// The gradient goes to the first of a window's largest numbers, row by row.
  func written(_ call: OperationCall) -> WrittenOperation {
    let x = call.x
    let windows = x.windows([1, 2, 2])
    let sides = windows.shape
    func corner(_ h: Int, _ w: Int) -> Value {
      windows.sliced(h..<h + 1, along: 4).sliced(w..<w + 1, along: 6)
    }
    let corners = [corner(0, 0), corner(0, 1), corner(1, 0), corner(1, 1)]
    let y = corners[0].maximum(corners[1]).maximum(corners[2].maximum(corners[3]))
    let output = [sides[0], sides[1], sides[3], sides[5], sides[7]]
    return WrittenOperation(y.reshaped(output)) { dy in
      let dy = dy.reshaped(y.shape)
      var open = dy.splat(0).compared("EQ", 0)
      let parts = corners.map { corner in
        let takes = corner.compared("EQ", y).and(open)
        open = open.and(takes.not)
        return dy.kept(where: takes)
      }
      let rows = [Value.joined([parts[0], parts[1]], along: 6), Value.joined([parts[2], parts[3]], along: 6)]
      return Value.joined(rows, along: 4).unwindowed(to: x.shape)
    }
  }
}

extension TrilinearResize: XLAOperation {
  /// A matrix product along every axis that changes; its gradient is the product with the transposed matrix.
  func written(_ call: OperationCall) -> WrittenOperation {
    let axes = zip(zip(input.extent.sides, extent.sides), Side.voxels).filter { $0.0.0 != $0.0.1 }
    let matrices = axes.map { ($1, call.x.program.resizing(from: $0.0, to: $0.1)) }
    let y = matrices.reduce(call.x) { $0.mixed($1.1, along: $1.0, matrixSide: 1) }
    return WrittenOperation(y) { dy in
      matrices.reversed().reduce(dy) { $0.mixed($1.1, along: $1.0, matrixSide: 0) }
    }
  }
}

extension Value {
  /// The product of one side with a side of a matrix, whose other side takes its place.
  fileprivate func mixed(_ matrix: Value, along side: Int, matrixSide: Int) -> Value {
    let product = product(matrix, over: [(side, matrixSide)])
    let last = shape.count - 1
    var order = Array(0..<last)
    order.insert(last, at: side)
    return product.transposed(order)
  }
}

extension ProgramText {
  /// `[out, in]`: what every output takes of every input, two numbers of each row. Voxel centres are aligned; shares are
  /// rounded to single precision, as the processor's engine has them.
  fileprivate func resizing(from input: Int, to output: Int) -> Value {
    var (low, high, share): ([Double], [Double], [Float]) = ([], [], [])
    for index in 0..<output {
      let source = max(0, (Double(index) + 0.5) * Double(input) / Double(output) - 0.5)
      let floor = min(Int(source), input - 1)
      low.append(Double(floor))
      high.append(Double(min(floor + 1, input - 1)))
      share.append(Float(source - Double(floor)))
    }
    let columns = counting(along: 1, [output, input])
    func column(_ places: [Double], _ shares: [Float]) -> Value {
      let here = columns.compared("EQ", constant(places, .int32).spread(to: [output, input], at: [0]))
      return constant(shares.map(Double.init), number).spread(to: [output, input], at: [0]).kept(where: here)
    }
    return column(low, share.map { 1 - $0 }) + column(high, share)
  }
}
