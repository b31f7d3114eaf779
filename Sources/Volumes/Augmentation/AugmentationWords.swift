extension Augmentation {
  /// The changes that are on, each with the probability of being applied to a case: "rotation 0.5, contrast 0.5"; empty
  /// where none is.
  package var words: String {
    let changes: [(name: String, probability: Double?)] = [
      ("rotation", rotation.probability), ("contrast", contrast.probability), ("elastic", elastic.probability),
      ("scaling", scaling?.probability), ("mirroring", mirroring?.probability), ("noise", noise?.probability),
      ("blur", blur?.probability), ("brightness", brightness?.probability), ("shift", shift?.probability),
      ("lowResolution", lowResolution?.probability), ("gamma", gamma?.probability),
      ("gamma of the negative", gamma?.negativeProbability),
    ]
    return changes.compactMap { change in
      change.probability.flatMap { $0 > 0 ? "\(change.name) \($0)" : nil }
    }.joined(separator: ", ")
  }
}
