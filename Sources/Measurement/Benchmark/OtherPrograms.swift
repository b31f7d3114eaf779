import System

/// What programs that are not measured take of the processors, from when this is made on.
struct OtherPrograms {
  private let twins: [TwinProcess]
  private let before: (use: ProcessorUse, own: Double)?

  init(besides twins: [TwinProcess]) {
    self.twins = twins
    before = ProcessorUse.current.map { ($0, Self.own(twins)) }
  }

  /// Of all that there was since; nil where the system does not tell.
  var share: Double? {
    guard let before, let now = ProcessorUse.current else { return nil }
    return now.othersShare(since: before.use, own: Self.own(twins) - before.own)
  }

  private static func own(_ twins: [TwinProcess]) -> Double {
    twins.reduce(ProcessTime.ofThisProcess()) { $0 + $1.processorSeconds }
  }
}
