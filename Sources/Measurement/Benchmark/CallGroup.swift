import Networks

/// Calls of a step that a table adds up: all of one kind in one phase, or those of one layer.
struct CallGroup {
  let phase: CallLabel.Phase
  let kind: String
  /// The layer's path; nil where calls are added up by kind.
  let layer: String?
  /// Places of its calls in the step.
  let members: [Int]
  /// Median over repetitions of the sum over its calls.
  let seconds: Double
  /// Nominal products of the whole batch; backward counts twice, for the input and for the weights.
  let multiplyAdds: Int

  /// - Parameter calls: the times of every repetition's calls.
  static func all(_ calls: [[CallTime]], _ cost: SessionCost, batch: Int, byLayer: Bool) -> [CallGroup] {
    struct Key: Hashable { let phase: CallLabel.Phase, kind: String, layer: String? }
    let groups = Dictionary(grouping: calls[0].indices) {
      let label = calls[0][$0].label
      return Key(phase: label.phase, kind: label.kind, layer: byLayer ? label.name : nil)
    }
    return groups.map { key, members in
      let sums = calls.map { repetition in members.reduce(0) { $0 + repetition[$1].seconds } }
      let layers = cost.layers.filter { $0.kind == key.kind && (key.layer ?? $0.name) == $0.name }
      let passes = key.phase == .backward ? 2 : 1
      return CallGroup(
        phase: key.phase, kind: key.kind, layer: key.layer, members: members, seconds: TimingSummary(sums).median,
        multiplyAdds: passes * batch * layers.reduce(0) { $0 + $1.multiplyAdds })
    }
  }
}
