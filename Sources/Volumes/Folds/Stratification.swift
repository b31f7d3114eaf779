import Compute

/// Cuts cases into parts of nearly equal size so that each structure, the rare ones first, is in every part as often
/// as in every other.
///
/// Iterative stratification (Sechidis, Tsoumakas, Vlahavas: On the stratification of multi-label data, 2011): take the
/// structure with the fewest cases left; give each of its cases to the part that still wants it most. Departures: a
/// part never exceeds its size, patients with many cases are placed first, ties go to the part with the most room, and
/// parts left without a structure that could be in all of them are repaired by swaps.
struct Stratification {
  /// Cases that stay together: one, or all of a patient.
  struct Unit {
    var cases: [String]
    /// For each structure: has any of the cases a voxel of it?
    var present: [Bool]
  }

  private(set) var parts: [[Unit]]
  private var room: [Int]
  /// For each part and structure: how many more of its cases the part should get.
  private var wanted: [[Double]]
  private let structures: Int
  /// Structures in at least as many units as there are parts.
  private let couldBeEverywhere: [Int]

  /// - Parameter units: in the order of the draw; the result depends on nothing else.
  init(_ units: [Unit], parts count: Int) {
    let cases = units.reduce(0) { $0 + $1.cases.count }
    structures = units.first?.present.count ?? 0
    parts = Array(repeating: [], count: count)
    room = (0..<count).map { cases / count + ($0 < cases % count ? 1 : 0) }
    let totals = (0..<structures).map { s in units.count { $0.present[s] } }
    wanted = room.map { size in totals.map { Double($0 * size) / Double(cases) } }
    couldBeEverywhere = totals.indices.filter { totals[$0] >= count }
    distribute(units)
    repair()
  }

  private mutating func distribute(_ units: [Unit]) {
    // Large units first, else the last of them would find no part with room; within a size the draw's order stays.
    let sizes = Set(units.map(\.cases.count)).sorted(by: >)
    var left = sizes.flatMap { size in units.filter { $0.cases.count == size } }
    while let rarest = rarestStructure(in: left) {
      for unit in left where unit.present[rarest] { place(unit) { $0[rarest] } }
      left.removeAll { $0.present[rarest] }
    }
    for unit in left { place(unit) { _ in 0 } }
  }

  private func rarestStructure(in units: [Unit]) -> Int? {
    let counts = (0..<structures).map { s in (structure: s, cases: units.count { $0.present[s] }) }
    return counts.filter { $0.cases > 0 }.min { ($0.cases, $0.structure) < ($1.cases, $1.structure) }?.structure
  }

  private mutating func place(_ unit: Unit, desire: ([Double]) -> Double) {
    let fitting = parts.indices.filter { room[$0] >= unit.cases.count }
    // A patient with more cases than any part has room for goes where there is most of it.
    let candidates = fitting.isEmpty ? parts.indices.filter { room[$0] == room.max() } : fitting
    let part = candidates.max { a, b in
      (desire(wanted[a]), room[a], b) < (desire(wanted[b]), room[b], a)
    }!
    parts[part].append(unit)
    room[part] -= unit.cases.count
    for s in 0..<structures where unit.present[s] { wanted[part][s] -= 1 }
  }

  /// Swaps units of the same size between two parts while that leaves fewer parts without a structure.
  private mutating func repair() {
    while let swap = improvingSwap() {
      let moved = parts[swap.from][swap.unit]
      parts[swap.from][swap.unit] = parts[swap.to][swap.other]
      parts[swap.to][swap.other] = moved
    }
  }

  private func improvingSwap() -> (from: Int, unit: Int, to: Int, other: Int)? {
    for to in parts.indices {
      for s in couldBeEverywhere where !parts[to].contains(where: { $0.present[s] }) {
        for from in parts.indices where from != to {
          for (unit, candidate) in parts[from].enumerated() where candidate.present[s] {
            for (other, given) in parts[to].enumerated() where given.cases.count == candidate.cases.count {
              let before = gaps(parts[from]) + gaps(parts[to])
              var (a, b) = (parts[from], parts[to])
              (a[unit], b[other]) = (given, candidate)
              if gaps(a) + gaps(b) < before { return (from, unit, to, other) }
            }
          }
        }
      }
    }
    return nil
  }

  /// How many structures that could be in every part are not in this one.
  private func gaps(_ part: [Unit]) -> Int {
    couldBeEverywhere.count { s in !part.contains { $0.present[s] } }
  }
}
