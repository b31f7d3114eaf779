import Models

/// One cell of the experiment: a variant on a fold.
package struct PlannedRun: Hashable, Sendable {
  /// The variant's name, which is no part of the plan.
  package let variant: String
  /// The fold's number, from 1.
  package let fold: Int
  /// What decides the run's result.
  package let plan: Plan
  /// The plan's identity, worked out once.
  package let identity: String

  /// A run of a variant; fold and identity follow from the plan.
  package init(variant: String, plan: Plan) {
    (self.variant, self.plan) = (variant, plan)
    (fold, identity) = (plan.fold.number, plan.identity)
  }

  /// `safnet-aspp-f3-1a2b3c4d5e6f`: what a person wants to read, then enough of the identity to be unique.
  package var directoryName: String { "\(plan.model.slug)-f\(fold)-\(identity.prefix(12))" }
}
