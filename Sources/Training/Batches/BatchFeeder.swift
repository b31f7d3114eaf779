import Dispatch
import Synchronization

/// Hands out batches in training order and, if told so, makes the next one while the network works on this one.
///
/// Preparing ahead changes when a batch is made, never what is in it.
package final class BatchFeeder {
  private let maker: BatchMaker
  private let stepsPerEpoch: Int
  private let preparesAhead: Bool
  private var pending: Pending?

  package init(maker: BatchMaker, stepsPerEpoch: Int, preparesAhead: Bool) {
    (self.maker, self.stepsPerEpoch, self.preparesAhead) = (maker, stepsPerEpoch, preparesAhead)
  }

  package func batch(at index: StepIndex) throws -> Batch {
    let prepared = pending
    pending = nil
    let batch = prepared?.index == index ? try prepared!.result() : try maker.batch(at: index)
    if preparesAhead { pending = Pending(following(index), maker) }
    return batch
  }

  private func following(_ index: StepIndex) -> StepIndex {
    index.step + 1 < stepsPerEpoch
      ? StepIndex(epoch: index.epoch, step: index.step + 1) : StepIndex(epoch: index.epoch + 1, step: 0)
  }
}

/// A batch that is being made on another thread.
private final class Pending: Sendable {
  let index: StepIndex
  private let made = DispatchSemaphore(value: 0)
  private let outcome = Mutex<Result<Batch, any Error>?>(nil)

  init(_ index: StepIndex, _ maker: BatchMaker) {
    self.index = index
    DispatchQueue.global().async { [self] in
      let result = Result { try maker.batch(at: index) }
      outcome.withLock { $0 = result }
      made.signal()
    }
  }

  func result() throws -> Batch {
    made.wait()
    return try outcome.withLock { try $0!.get() }
  }
}
