import CKernels
import Compute

/// Attention among the positions of a volume (Fig. 5, after DANet): every position mixes the values of all others.
///
///     y_i = Σ_j softmax_j(q_i · k_j) v_j
///
/// Scores exist for a tile of positions at a time, forward and (computed again) backward, never all P x P of them.
///
/// - Inputs: queries and keys `[N, D, H, W, c]`, values `[N, D, H, W, C]`
/// - Output: `[N, D, H, W, C]`
struct PositionAttention: Operation {
  /// Positions whose scores exist at the same time.
  static let tile = 256

  var kind: String { "position attention" }

  func outputShape(of inputs: [Shape]) -> Shape {
    precondition(
      inputs[0] == inputs[1] && inputs[0].batch == inputs[2].batch && inputs[0].extent == inputs[2].extent,
      "queries \(inputs[0]), keys \(inputs[1]) and values \(inputs[2]) do not belong together")
    return inputs[2]
  }

  func multiplyAdds(_ inputs: [Shape]) -> Int {
    inputs[0].batch * inputs[0].extent.count * inputs[0].extent.count * (inputs[0].channels + inputs[2].channels)
  }

  var backwardReads: BackwardReads { BackwardReads(inputs: [0, 1, 2]) }

  /// Over a single position softmax is constantly 1.
  func inputsWithoutGradient(_ inputs: [Shape]) -> Set<Int> { inputs[0].extent.count == 1 ? [0, 1] : [] }

  func scratchBytes(_ inputs: [Shape], _ phase: Phase, _ settings: ExecutionSettings) -> Int {
    let tiles = AttentionTiles(queries: inputs[0], values: inputs[2], settings)
    return tiles.scoreBytes * (phase == .forward ? 1 : 2) + tiles.productBytes
  }

  func forward(_ call: ForwardCall) {
    let tiles = AttentionTiles(queries: call.inputShapes[0], values: call.inputShapes[2], call.settings)
    let scores = call.scratch.assumingMemoryBound(to: Float.self)
    let workspace = call.scratch + tiles.scoreBytes
    for tile in tiles.all {
      tiles.weights(of: tile, call.inputs[0], call.inputs[1], scores, workspace, call.pool)
      tiles.mix(tile)(
        a: scores, b: call.inputs[2] + tiles.valueOffset(tile.volume),
        c: call.output + tiles.valueOffset(tile.volume, tile.first), scratch: workspace, pool: call.pool)
    }
  }

  /// With P the tile's weights: `dv += Pᵀ dy`, `dS = P (dy vᵀ − rows' means)`, `dq = dS k`, `dk += dSᵀ q`.
  func backward(_ call: BackwardCall) {
    let tiles = AttentionTiles(queries: call.inputShapes[0], values: call.inputShapes[2], call.settings)
    let weights = call.scratch.assumingMemoryBound(to: Float.self)
    let gradients = (call.scratch + tiles.scoreBytes).assumingMemoryBound(to: Float.self)
    let workspace = call.scratch + 2 * tiles.scoreBytes
    let (queries, keys, values) = (call.inputs[0], call.inputs[1], call.inputs[2])
    for tile in tiles.all {
      let dy = call.outputGradient + tiles.valueOffset(tile.volume, tile.first)
      tiles.weights(of: tile, queries, keys, weights, workspace, call.pool)
      if let target = call.inputGradients[2] {
        tiles.collect(tile, channels: call.inputShapes[2], target)(
          a: weights, b: dy, c: target.pointer + tiles.valueOffset(tile.volume), scratch: workspace, pool: call.pool)
      }
      if call.inputGradients[0] == nil && call.inputGradients[1] == nil { continue }
      tiles.similarity(tile, channels: call.inputShapes[2])(
        a: dy, b: values + tiles.valueOffset(tile.volume), c: gradients, scratch: workspace, pool: call.pool)
      tiles.softmaxBackward(tile, weights, gradients, call.pool)
      pass(gradients, of: tile, tiles, to: call, workspace)
    }
  }

  /// From the tile's scores to queries and keys.
  private func pass(
    _ gradients: UnsafePointer<Float>, of tile: AttentionTiles.Tile, _ tiles: AttentionTiles, to call: BackwardCall,
    _ workspace: UnsafeMutableRawPointer
  ) {
    let (all, own) = (tiles.queryOffset(tile.volume), tiles.queryOffset(tile.volume, tile.first))
    if let target = call.inputGradients[0] {
      tiles.mix(tile, channels: call.inputShapes[0], accumulate: target.accumulate)(
        a: gradients, b: call.inputs[1] + all, c: target.pointer + own, scratch: workspace, pool: call.pool)
    }
    if let target = call.inputGradients[1] {
      tiles.collect(tile, channels: call.inputShapes[0], target)(
        a: gradients, b: call.inputs[0] + own, c: target.pointer + all, scratch: workspace, pool: call.pool)
    }
  }
}

extension Node {
  /// Attention of `queries` over `keys`, mixing `self`.
  package func attended(queries: Node, keys: Node) -> Node {
    queries.applying(PositionAttention(), with: [keys, self])
  }
}
