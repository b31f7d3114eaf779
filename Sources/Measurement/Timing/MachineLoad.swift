import Foundation

/// How busy a machine is: times taken on a busy one are too long.
package struct MachineLoad: Equatable, Sendable {
  /// Processes that wanted a processor in the last minute, and processors.
  package let average: Double
  package let processors: Int

  package init(average: Double, processors: Int) { (self.average, self.processors) = (average, processors) }

  /// Nil where the system does not tell.
  package static var current: MachineLoad? {
    var average = 0.0
    guard getloadavg(&average, 1) == 1 else { return nil }
    return MachineLoad(average: average, processors: ProcessInfo.processInfo.activeProcessorCount)
  }

  /// Less than half a processor was free.
  var isBusy: Bool { average > Double(processors) - 0.5 }
}
