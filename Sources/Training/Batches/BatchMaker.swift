import Compute
import Experiments
import Volumes

/// The input of one training step.
package struct Batch: Equatable, Sendable {
  /// `[N, C, D, H, W]`
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

/// Makes the batch of any step from the plan alone: loads the step's cases, takes a patch of each where the plan has
/// patches, and augments it, all with the random numbers of (seed, epoch, case). Nothing depends on what was made before,
/// so a resumed run sees the same batches.
package struct BatchMaker: Sendable {
  private let plan: Plan
  private let source: any CaseSource

  package init(plan: Plan, source: any CaseSource) { (self.plan, self.source) = (plan, source) }

  package func batch(at index: StepIndex) throws -> Batch {
    let order = EpochOrder(training: plan.training, cases: plan.fold.train.count, epoch: index.epoch)
    let members = order.batches[index.step]
    var images: [Float] = []
    var labels: [UInt8] = []
    images.reserveCapacity(members.count * plan.model.channels * plan.inputExtent.count)
    labels.reserveCapacity(members.count * plan.inputExtent.count)
    for (place, member) in members.enumerated() {
      let one = try example(member, at: place, of: members.count, epoch: index.epoch)
      for channel in one.channels { images += channel.values }
      labels += one.labels.values
    }
    return Batch(images: images, labels: labels, count: members.count)
  }

  /// - Parameters:
  ///   - place: in the batch, of `count` cases.
  private func example(_ member: Int, at place: Int, of count: Int, epoch: Int) throws -> PreparedCase {
    let one = try source.load(plan.fold.train[member])
    precondition(
      one.channels.count == plan.model.channels,
      "\(one.name) has \(one.channels.count) channels in a plan of"
        + " \(plan.model.channels)")
    guard let patch = plan.training.patch else {
      precondition(
        one.image.extent == plan.preprocessing.size,
        "\(one.name) is prepared as \(one.image.extent) for a plan of \(plan.preprocessing.size)")
      return augmented(one, member, epoch)
    }
    var stream = RandomStream(seed: plan.training.seed, purpose: .patches, epoch: epoch, index: member)
    let chance = Double(stream.nextUniform())
    let holdsForeground = plan.training.holdsForeground(place: place, of: count, chance: chance)
    let first = one.patchPlace(patch, holdsForeground: holdsForeground, &stream)
    // What augmentation turns into the patch from around it must be there.
    let context = plan.augmentation?.context(of: patch, spacing: one.spacing) ?? patch
    let margin = Offset3(centring: patch, in: context)
    return augmented(one.part(from: first - margin, context), member, epoch).part(from: margin, patch)
  }

  private func augmented(_ one: PreparedCase, _ member: Int, _ epoch: Int) -> PreparedCase {
    guard let augmentation = plan.augmentation else { return one }
    let stream = RandomStream(seed: plan.training.seed, purpose: .augmentation, epoch: epoch, index: member)
    return augmentation.applied(to: one, stream: stream)
  }
}
