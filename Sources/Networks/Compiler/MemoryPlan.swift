import Compute

/// Where every buffer of a schedule lives in one arena.
///
/// A buffer lives from the step that first writes it to the last step that touches it. Buffers that follow each other
/// in place share a block. Blocks are placed largest first, each at the lowest offset where no block of an overlapping
/// lifetime is in the way.
package struct MemoryPlan: Sendable {
  /// A piece of the arena that one buffer has, or several that follow each other in place.
  package struct Block: Sendable {
    /// A multiple of 64.
    package var bytes: Int
    /// Steps during which the block is in use.
    package var life: ClosedRange<Int>
    /// Bytes from the arena's start, a multiple of 64; 0 until the plan has placed it.
    package var offset = 0
  }

  package private(set) var blocks: [Block] = []
  /// The index in `blocks` of every buffer's block.
  package private(set) var placement: [Schedule.Buffer: Int] = [:]
  /// Bytes of the arena, so that no two blocks that are in use at once overlap.
  package private(set) var totalBytes = 0
  /// Cache lines, and AVX-512 registers.
  static let alignment = 64

  /// Places every buffer that the schedule writes.
  package init(_ schedule: Schedule) {
    let lives = Self.lives(of: schedule)
    for (number, step) in schedule.steps.enumerated() {
      for buffer in step.writes where placement[buffer] == nil {
        if let (operand, result) = step.inPlace, buffer == result, lives[operand]!.upperBound == number,
          lives[result]!.lowerBound == number, schedule.bytes[operand] == schedule.bytes[result]
        {
          let block = placement[operand]!
          placement[result] = block
          blocks[block].life = blocks[block].life.lowerBound...lives[result]!.upperBound
        } else {
          placement[buffer] = blocks.count
          blocks.append(Block(bytes: Self.aligned(schedule.bytes[buffer]!), life: lives[buffer]!))
        }
      }
    }
    place()
  }

  /// Bytes from the arena's start; nil for a buffer that the schedule never writes.
  package func offset(of buffer: Schedule.Buffer) -> Int? { placement[buffer].map { blocks[$0].offset } }

  /// The steps, by number, from a buffer's first write to its last read or write.
  package static func lives(of schedule: Schedule) -> [Schedule.Buffer: ClosedRange<Int>] {
    var lives: [Schedule.Buffer: ClosedRange<Int>] = [:]
    for (number, step) in schedule.steps.enumerated() {
      for buffer in step.writes + step.reads {
        lives[buffer] = (lives[buffer]?.lowerBound ?? number)...number
      }
    }
    return lives
  }

  private static func aligned(_ bytes: Int) -> Int { (max(bytes, 1) + alignment - 1) / alignment * alignment }

  private mutating func place() {
    let order = blocks.indices.sorted {
      (blocks[$1].bytes, blocks[$0].life.lowerBound, $0) < (blocks[$0].bytes, blocks[$1].life.lowerBound, $1)
    }
    var placed: [Int] = []
    for block in order {
      let rivals = placed.filter { blocks[$0].life.overlaps(blocks[block].life) }
        .sorted { blocks[$0].offset < blocks[$1].offset }
      var offset = 0
      for rival in rivals {
        if offset + blocks[block].bytes <= blocks[rival].offset { break }
        offset = max(offset, blocks[rival].offset + blocks[rival].bytes)
      }
      blocks[block].offset = offset
      totalBytes = max(totalBytes, offset + blocks[block].bytes)
      placed.append(block)
    }
  }
}
