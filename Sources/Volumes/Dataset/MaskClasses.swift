import Compute
import System

/// A mask's numbers as classes, and what is no structure among them. Numbers may be stored as floats when they are whole.
struct MaskClasses {
  /// Class indices, and `ignoredLabel` where nobody has annotated.
  let classes: Grid3<UInt8>
  /// Voxels of numbers that are neither 0 nor a structure's: left out, or ignored.
  private(set) var apart: [Int: Int] = [:]
  /// Voxels of the numbers of structures that have several; nil where no structure has.
  private(set) var merged: [Int: Int]?
  /// Values that the label map does not know; they stand as background.
  private(set) var strangers: Set<Double> = []

  init(_ mask: Volume, _ labels: LabelMap) {
    let classOf = Dictionary(
      labels.numbers.map { (Double($0), labels.label(of: $0) ?? 0) }, uniquingKeysWith: { first, _ in first })
    let several = Set(labels.structures.filter { !$0.others.isEmpty }.flatMap(\.values))
    let isMerged = Set(several.map(Double.init))
    var (strangers, counts): (Set<Double>, [Double: Int]) = ([], [:])
    var (last, lastClass, isCounted, run) = (Double.nan, UInt8(0), false, 0)
    func close() { if isCounted { counts[last, default: 0] += run } }
    let values = mask.grid.values.map { value in
      if value != last {
        close()
        (last, lastClass, run) = (value, classOf[value] ?? 0, 0)
        let isKnown = classOf[value] != nil
        if !isKnown && value.isFinite { strangers.insert(value) }
        let isOfStructure = lastClass > 0 && Int(lastClass) < labels.classes
        isCounted = isKnown && value != 0 && (!isOfStructure || isMerged.contains(value))
      }
      run += 1
      return lastClass
    }
    close()
    classes = Grid3(mask.grid.extent, values: values)
    let numbers = Dictionary(counts.map { (Int($0), $1) }, uniquingKeysWith: +)
    (self.strangers, apart) = (strangers, numbers.filter { !several.contains($0.key) })
    if !several.isEmpty { merged = numbers.filter { several.contains($0.key) } }
  }
}

extension Dataset {
  /// The whole numbers above 0 that the masks hold; a mask that cannot be read has none here, and is complained of when
  /// its case is prepared.
  package func maskNumbers(workers: Int) -> Set<Int> { readMasks(workers: workers).numbers }

  /// The same, with the reason for each mask that cannot be read.
  package func readMasks(workers: Int) -> (numbers: Set<Int>, unread: [String]) {
    let read = parallelMap(cases, workers: workers) { one in
      Result { Set(Set(try NIfTI.read(one.label).grid.values).compactMap { Int(exactly: $0) }.filter { $0 > 0 }) }
    }
    return read.reduce(into: (numbers: [], unread: [])) { all, one in
      switch one {
      case .success(let numbers): all.numbers.formUnion(numbers)
      case .failure(let error): all.unread.append("\(error)")
      }
    }
  }

  /// The same of those masks that are none of an image's: whatever stands there in a mask's place names no structures.
  package func structureNumbers(workers: Int) -> Set<Int> {
    structureNumbersOfMasks(workers: workers).reduce(into: []) { $0.formUnion($1) }
  }

  /// By the masks.
  func structureNumbersOfMasks(workers: Int) -> [Set<Int>] {
    parallelMap(cases, workers: workers) { one -> Set<Int> in
      guard let mask = try? NIfTI.read(one.label) else { return [] }
      let numbers = Set(mask.grid.values)
      if MaskCheck.isImage(numbers) || (try? NIfTI.read(one.image)).map({ CaseCheck.areExchanged($0, mask) }) == true {
        return []
      }
      return Set(numbers.compactMap { Int(exactly: $0) }.filter { $0 > 0 })
    }
  }

  /// Whether any mask has a voxel of one of these numbers.
  package func masksHold(anyOf numbers: [Int], workers: Int) -> Bool {
    !maskNumbers(workers: workers).isDisjoint(with: numbers)
  }
}
