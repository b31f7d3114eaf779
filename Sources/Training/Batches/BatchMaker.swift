import Compute
import Experiments
import Volumes

/// The input of one training step.
package struct Batch: Equatable, Sendable {
  /// `[N, D, H, W]`
  package let images: [Float]
  /// `[N, D, H, W]`, class indices.
  package let labels: [UInt8]
  package let count: Int
}

/// Where in the training a step stands; epochs and steps are counted from 0.
package struct StepIndex: Hashable, Sendable {
  package let epoch: Int
  package let step: Int

  package init(epoch: Int, step: Int) { (self.epoch, self.step) = (epoch, step) }
}

/// Makes the batch of any step from the plan alone: loads the step's cases and augments each with the random numbers of
/// (seed, epoch, case). Nothing depends on what was made before, so a resumed run sees the same batches.
package struct BatchMaker: Sendable {
  private let plan: Plan
  private let source: any CaseSource

  package init(plan: Plan, source: any CaseSource) { (self.plan, self.source) = (plan, source) }

  package func batch(at index: StepIndex) throws -> Batch {
    let order = EpochOrder(training: plan.training, cases: plan.fold.train.count, epoch: index.epoch)
    let members = order.batches[index.step]
    var images: [Float] = []
    var labels: [UInt8] = []
    images.reserveCapacity(members.count * plan.preprocessing.size.count)
    labels.reserveCapacity(members.count * plan.preprocessing.size.count)
    for member in members {
      let one = try augmented(member, epoch: index.epoch)
      images += one.image.values
      labels += one.labels.values
    }
    return Batch(images: images, labels: labels, count: members.count)
  }

  private func augmented(_ member: Int, epoch: Int) throws -> PreparedCase {
    let one = try source.load(plan.fold.train[member])
    precondition(
      one.image.extent == plan.preprocessing.size,
      "\(one.name) is prepared as \(one.image.extent) for a plan of \(plan.preprocessing.size)")
    guard let augmentation = plan.augmentation else { return one }
    let stream = RandomStream(seed: plan.training.seed, purpose: .augmentation, epoch: epoch, index: member)
    return augmentation.applied(to: one, stream: stream)
  }
}
