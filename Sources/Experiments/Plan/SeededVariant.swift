/// A variant with one of its seeds: what is trained on each fold.
package struct SeededVariant: Sendable, Equatable {
  /// The row of the tables; its seeds are one row.
  package let variant: Variant
  /// Stands in place of `training.seed`.
  package let seed: UInt64

  /// The variant's training with this seed.
  package var training: TrainingPlan {
    var training = variant.training
    training.seed = seed
    return training
  }

  /// Whether the variant is trained with other seeds too, so that a run's label must name its seed.
  package var isOneOfSeveral: Bool { variant.seeds.count > 1 }
}

extension Variant {
  /// Whether some run of both, on whichever fold, is the same.
  func sharesRuns(with other: Variant) -> Bool {
    var (own, others) = (training, other.training)
    (own.seed, others.seed) = (0, 0)
    return own == others && model.resolved == other.model.resolved
      && !Set(seeds).isDisjoint(with: other.seeds)
  }
}

extension Specification {
  /// What is trained, in the order of the sweep: every variant with its first seed, then with its second, so that a
  /// complete table of one seed is there early.
  package var seededVariants: [SeededVariant] {
    let most = variants.map(\.seeds.count).max() ?? 0
    return (0..<most).flatMap { number in
      variants.filter { $0.seeds.count > number }.map { SeededVariant(variant: $0, seed: $0.seeds[number]) }
    }
  }
}
