import CKernels
import Compute

/// How position attention is cut into tiles, and the matrix products of one tile.
struct AttentionTiles {
  struct Tile {
    let volume: Int
    /// First position.
    let first: Int
    let rows: Int
  }

  private let queries: Shape
  private let values: Shape
  private let settings: ExecutionSettings
  private let positions: Int
  /// Floats from one row of scores to the next.
  private let stride: Int

  init(queries: Shape, values: Shape, _ settings: ExecutionSettings) {
    (self.queries, self.values, self.settings) = (queries, values, settings)
    positions = queries.extent.count
    stride = (positions + 15) / 16 * 16
  }

  var all: [Tile] {
    (0..<queries.batch).flatMap { volume in
      Swift.stride(from: 0, to: positions, by: PositionAttention.tile).map {
        Tile(volume: volume, first: $0, rows: min(PositionAttention.tile, positions - $0))
      }
    }
  }

  var scoreBytes: Int { min(PositionAttention.tile, positions) * stride * MemoryLayout<Float>.stride }

  /// Scratch of the largest product.
  var productBytes: Int {
    all.flatMap { tile in
      [queries, values].flatMap {
        [similarity(tile, channels: $0), mix(tile, channels: $0), collect(tile, channels: $0, accumulate: true)]
      }
    }.map(\.scratchBytes).max() ?? 0
  }

  func queryOffset(_ volume: Int, _ position: Int = 0) -> Int {
    (volume * positions + position) * queries.paddedChannels
  }

  func valueOffset(_ volume: Int, _ position: Int = 0) -> Int {
    (volume * positions + position) * values.paddedChannels
  }

  /// A tile's vectors with all vectors of the volume: `rows x positions`.
  func similarity(_ tile: Tile, channels shape: Shape) -> MatrixProduct {
    MatrixProduct(
      rows: tile.rows, columns: positions, inner: shape.channels, transposeB: true, leadingA: shape.paddedChannels,
      leadingB: shape.paddedChannels, leadingC: stride, workers: settings.workers,
      instructionSet: settings.instructionSet)
  }

  /// A tile's scores times all vectors: `rows x channels`, padding channels included.
  func mix(_ tile: Tile, channels shape: Shape? = nil, accumulate: Bool = false) -> MatrixProduct {
    let channels = (shape ?? values).paddedChannels
    return MatrixProduct(
      rows: tile.rows, columns: channels, inner: positions, beta: accumulate ? 1 : 0, leadingA: stride,
      leadingB: channels, leadingC: channels, workers: settings.workers, instructionSet: settings.instructionSet)
  }

  /// A tile's scores, transposed, times the tile's vectors: `positions x channels`, summed over tiles.
  func collect(_ tile: Tile, channels shape: Shape, accumulate: Bool) -> MatrixProduct {
    MatrixProduct(
      rows: positions, columns: shape.paddedChannels, inner: tile.rows, transposeA: true, beta: accumulate ? 1 : 0,
      leadingA: stride, leadingB: shape.paddedChannels, leadingC: shape.paddedChannels, workers: settings.workers,
      instructionSet: settings.instructionSet)
  }

  func collect(_ tile: Tile, channels shape: Shape, _ target: GradientTarget) -> MatrixProduct {
    collect(tile, channels: shape, accumulate: target.accumulate || tile.first > 0)
  }

  /// The tile's attention weights: softmax of its similarities to all keys.
  func weights(
    of tile: Tile, _ queryValues: UnsafePointer<Float>, _ keyValues: UnsafePointer<Float>,
    _ scores: UnsafeMutablePointer<Float>, _ workspace: UnsafeMutableRawPointer, _ pool: WorkerPool
  ) {
    similarity(tile, channels: queries)(
      a: queryValues + queryOffset(tile.volume, tile.first), b: keyValues + queryOffset(tile.volume), c: scores,
      scratch: workspace, pool: pool)
    let (kernels, stride, positions) = (settings.kernels, stride, positions)
    pool.forEach(tile.rows) { range, _ in
      kernels.softmax_rows(scores + range.lowerBound * stride, range.count, positions, stride)
    }
  }

  /// Gradients of the weights become gradients of the scores.
  func softmaxBackward(
    _ tile: Tile, _ weights: UnsafePointer<Float>, _ gradients: UnsafeMutablePointer<Float>, _ pool: WorkerPool
  ) {
    let (kernels, stride, positions) = (settings.kernels, stride, positions)
    pool.forEach(tile.rows) { range, _ in
      let start = range.lowerBound * stride
      kernels.softmax_backward(weights + start, gradients + start, range.count, positions, stride)
    }
  }
}
