import CKernels
import Compute
import Networks

extension PositionAttention: CPUOperation {
  /// Scores of a tile of positions at a time, so that no P x P matrix is ever kept.
  package func kernel(_ inputs: [Shape], on cpu: CPUBackend) -> any Kernel {
    PositionAttentionKernel(queries: inputs[0], values: inputs[2], cpu)
  }
}

/// Scores exist for a tile of positions at a time, forward and (computed again) backward, never all P x P of them.
private struct PositionAttentionKernel: Kernel {
  private let tiles: AttentionTiles

  init(queries: Shape, values: Shape, _ cpu: CPUBackend) {
    tiles = AttentionTiles(queries: queries, values: values, cpu)
  }

  func scratchBytes(_ phase: Phase) -> Int { tiles.scoreBytes * (phase == .forward ? 1 : 2) + tiles.productBytes }

  func forward(_ call: ForwardCall) {
    let scores = call.scratch.assumingMemoryBound(to: Float.self)
    let workspace = call.scratch + tiles.scoreBytes
    for tile in tiles.all {
      tiles.weights(of: tile, call.inputs[0], call.inputs[1], scores, workspace, call.pool)
      tile.products.values.mix(
        a: scores, b: call.inputs[2] + tiles.valueOffset(tile.volume),
        c: call.output + tiles.valueOffset(tile.volume, tile.first), scratch: workspace, pool: call.pool)
    }
  }

  /// With P the tile's weights: `dv += Pᵀ dy`, `dS = P (dy vᵀ − rows' means)`, `dq = dS k`, `dk += dSᵀ q`.
  func backward(_ call: BackwardCall) {
    let weights = call.scratch.assumingMemoryBound(to: Float.self)
    let gradients = (call.scratch + tiles.scoreBytes).assumingMemoryBound(to: Float.self)
    let workspace = call.scratch + 2 * tiles.scoreBytes
    let (queries, keys, values) = (call.inputs[0], call.inputs[1], call.inputs[2])
    for tile in tiles.all {
      let dy = call.outputGradient + tiles.valueOffset(tile.volume, tile.first)
      tiles.weights(of: tile, queries, keys, weights, workspace, call.pool)
      if let target = call.inputGradients[2] {
        tile.products.values.collect.accumulating(target.accumulate || tile.first > 0)(
          a: weights, b: dy, c: target.pointer + tiles.valueOffset(tile.volume), scratch: workspace, pool: call.pool)
      }
      if call.inputGradients[0] == nil && call.inputGradients[1] == nil { continue }
      tile.products.values.similarity(
        a: dy, b: values + tiles.valueOffset(tile.volume), c: gradients, scratch: workspace, pool: call.pool)
      tiles.softmaxBackward(tile, weights, gradients, call.pool)
      pass(gradients, of: tile, to: call, workspace)
    }
  }

  /// From the tile's scores to queries and keys.
  private func pass(
    _ gradients: UnsafePointer<Float>, of tile: AttentionTiles.Tile, to call: BackwardCall,
    _ workspace: UnsafeMutableRawPointer
  ) {
    let (all, own) = (tiles.queryOffset(tile.volume), tiles.queryOffset(tile.volume, tile.first))
    if let target = call.inputGradients[0] {
      tile.products.queries.mix.accumulating(target.accumulate)(
        a: gradients, b: call.inputs[1] + all, c: target.pointer + own, scratch: workspace, pool: call.pool)
    }
    if let target = call.inputGradients[1] {
      tile.products.queries.collect.accumulating(target.accumulate || tile.first > 0)(
        a: gradients, b: call.inputs[0] + own, c: target.pointer + all, scratch: workspace, pool: call.pool)
    }
  }
}

/// How position attention is cut into tiles, and the matrix products of a tile.
private struct AttentionTiles {
  struct Tile {
    let volume: Int
    /// First position.
    let first: Int
    let rows: Int
    let products: (queries: Products, values: Products)
  }

  /// Positions whose scores exist at the same time.
  private static let tile = 256

  let all: [Tile]
  let scoreBytes: Int
  /// Scratch of the largest product.
  let productBytes: Int
  private let queries: Shape
  private let values: Shape
  private let kernels: softmax_kernels
  private let positions: Int
  /// Floats from one row of scores to the next.
  private let stride: Int

  init(queries: Shape, values: Shape, _ cpu: CPUBackend) {
    let positions = queries.extent.count
    let stride = (positions + 15) / 16 * 16
    func products(_ rows: Int) -> (queries: Products, values: Products) {
      (
        Products(rows: rows, positions: positions, stride: stride, channels: queries, cpu),
        Products(rows: rows, positions: positions, stride: stride, channels: values, cpu)
      )
    }
    let (whole, rest) = (min(Self.tile, positions), positions % Self.tile)
    let (ofWhole, ofRest) = (products(whole), products(rest == 0 ? whole : rest))
    all = (0..<queries.batch).flatMap { volume in
      Swift.stride(from: 0, to: positions, by: Self.tile).map { first in
        let rows = min(Self.tile, positions - first)
        return Tile(volume: volume, first: first, rows: rows, products: rows == whole ? ofWhole : ofRest)
      }
    }
    scoreBytes = whole * stride * MemoryLayout<Float>.stride
    productBytes = [ofWhole.queries, ofWhole.values, ofRest.queries, ofRest.values].map(\.scratchBytes).max()!
    (self.queries, self.values, kernels) = (queries, values, cpu.kernels.softmax.pointee)
    (self.positions, self.stride) = (positions, stride)
  }

  func queryOffset(_ volume: Int, _ position: Int = 0) -> Int {
    (volume * positions + position) * queries.paddedChannels
  }

  func valueOffset(_ volume: Int, _ position: Int = 0) -> Int {
    (volume * positions + position) * values.paddedChannels
  }

  /// The tile's attention weights: softmax of its similarities to all keys.
  func weights(
    of tile: Tile, _ queryValues: UnsafePointer<Float>, _ keyValues: UnsafePointer<Float>,
    _ scores: UnsafeMutablePointer<Float>, _ workspace: UnsafeMutableRawPointer, _ pool: WorkerPool
  ) {
    tile.products.queries.similarity(
      a: queryValues + queryOffset(tile.volume, tile.first), b: keyValues + queryOffset(tile.volume), c: scores,
      scratch: workspace, pool: pool)
    pool.forEach(tile.rows) { range, _ in
      kernels.forward(scores + range.lowerBound * stride, range.count, positions, stride)
    }
  }

  /// Gradients of the weights become gradients of the scores.
  func softmaxBackward(
    _ tile: Tile, _ weights: UnsafePointer<Float>, _ gradients: UnsafeMutablePointer<Float>, _ pool: WorkerPool
  ) {
    pool.forEach(tile.rows) { range, _ in
      let start = range.lowerBound * stride
      kernels.backward(weights + start, gradients + start, range.count, positions, stride)
    }
  }

  /// The products of a tile of `rows` positions with vectors of one kind, queries and keys or values.
  struct Products {
    /// The tile's vectors with all vectors of the volume: `rows x positions`.
    let similarity: MatrixProduct
    /// The tile's scores times all vectors: `rows x channels`, padding channels included.
    let mix: MatrixProduct
    /// The tile's scores, transposed, times the tile's vectors: `positions x channels`, summed over tiles.
    let collect: MatrixProduct

    init(rows: Int, positions: Int, stride: Int, channels shape: Shape, _ cpu: CPUBackend) {
      let (channels, workers, set) = (shape.paddedChannels, cpu.workers, cpu.instructionSet)
      similarity = MatrixProduct(
        rows: rows, columns: positions, inner: shape.channels, transposeB: true, leadingA: channels,
        leadingB: channels, leadingC: stride, workers: workers, instructionSet: set)
      mix = MatrixProduct(
        rows: rows, columns: channels, inner: positions, leadingA: stride, leadingB: channels, leadingC: channels,
        workers: workers, instructionSet: set)
      collect = MatrixProduct(
        rows: positions, columns: channels, inner: rows, transposeA: true, leadingA: stride, leadingB: channels,
        leadingC: channels, workers: workers, instructionSet: set)
    }

    var scratchBytes: Int { max(similarity.scratchBytes, mix.scratchBytes, collect.scratchBytes) }
  }
}
