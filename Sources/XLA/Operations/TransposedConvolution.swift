import Networks

extension TransposedConvolution: XLAOperation {
  /// As its kernel is its stride, no two input voxels reach the same output voxel: a matrix product for every input voxel,
  /// whose results are put in order. XLA runs it as fast as the product; its own transposed convolutions in three
  /// dimensions are many times slower.
  func written(_ call: OperationCall) -> WrittenOperation {
    let (x, weight) = (call.x, call.parameters[0])
    let (n, s) = (x.shape[0], stride.sides)
    let grown = [n, x.shape[1] * s[0], x.shape[2] * s[1], x.shape[3] * s[2], outChannels]
    let blocks = [n, x.shape[1], s[0], x.shape[2], s[1], x.shape[3], s[2], outChannels]
    // [N, D, H, W, out, s₀, s₁, s₂] -> [N, D, s₀, H, s₁, W, s₂, out]
    let y = x.roundedProduct(weight, over: [(4, 0)]).transposed([0, 1, 5, 2, 6, 3, 7, 4]).reshaped(grown)
    let whole = y.padded(to: [n] + extent.sides + [outChannels])
    return WrittenOperation(whole.adding(bias: call.parameters[1])) { dy in
      let parts = dy.sliced(from: [0, 0, 0, 0, 0], to: grown).reshaped(blocks)
      let gradient = x.roundedProduct(parts, over: [(0, 0), (1, 1), (2, 3), (3, 5)])  // [in, s₀, s₁, s₂, out]
      return .init(
        inputs: [parts.roundedProduct(weight, over: [(7, 1), (2, 2), (4, 3), (6, 4)])],
        parameters: [gradient.transposed([0, 4, 1, 2, 3]), dy.sum(over: Side.allButChannels)])
    }
  }
}
