import Models

/// One run of the experiment: a variant on a fold with a seed.
package struct PlannedRun: Hashable, Sendable {
  /// The variant's name, which is no part of the plan.
  package let variant: String
  /// The fold's number, from 1.
  package let fold: Int
  /// Of the training: initial weights, order of the cases, augmentation.
  package let seed: UInt64
  /// Whether its variant is trained with other seeds too.
  package let isOneOfSeveral: Bool
  /// What decides the run's result.
  package let plan: Plan
  /// The plan's identity, worked out once.
  package let identity: String

  /// A run of a variant; fold, seed and identity follow from the plan.
  ///
  /// - Parameter isOneOfSeveral: whether the variant is trained with other seeds too.
  package init(variant: String, plan: Plan, isOneOfSeveral: Bool = false) {
    (self.variant, self.plan, self.isOneOfSeveral) = (variant, plan, isOneOfSeveral)
    (fold, seed, identity) = (plan.fold.number, plan.training.seed, plan.identity)
  }

  /// A run of a variant with one of its seeds.
  package init(_ trained: SeededVariant, plan: Plan) {
    self.init(variant: trained.variant.name, plan: plan, isOneOfSeveral: trained.isOneOfSeveral)
  }

  /// `safnet-aspp-f3-1a2b3c4d5e6f`: what a person wants to read, then enough of the identity to be unique.
  package var directoryName: String { "\(plan.model.slug)-f\(fold)-\(identity.prefix(Self.identityDigits))" }

  /// How much of the identity stands at the end of the directory's name.
  package static let identityDigits = 12

  /// What people call it: `SAFNet, fold 3`, or `SAFNet, fold 3, seed 2024` where the variant has several.
  package var label: String { Self.label(variant, fold: fold, seed: isOneOfSeveral ? seed : nil) }

  /// - Parameter seed: nil where the variant has no other.
  package static func label(_ variant: String, fold: Int, seed: UInt64?) -> String {
    "\(variant), fold \(fold)" + (seed.map { ", seed \($0)" } ?? "")
  }
}
