import Models

/// One cell of the experiment: a variant on a fold.
package struct PlannedRun: Hashable, Sendable {
  package let variant: String
  package let fold: Int
  package let plan: Plan
  package let identity: String

  package init(variant: String, plan: Plan) {
    (self.variant, self.plan) = (variant, plan)
    (fold, identity) = (plan.fold.number, plan.identity)
  }

  /// `safnet-aspp-f3-1a2b3c4d5e6f`: what a person wants to read, then enough of the identity to be unique.
  package var directoryName: String { "\(plan.model.slug)-f\(fold)-\(identity.prefix(12))" }
}
