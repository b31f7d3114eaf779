import System
import Text

/// How busy a machine is: steps timed on a busy one are longer than on an idle one.
package struct MachineLoad: Equatable, Sendable {
  /// Processes that wanted a processor in the last minute, and processors.
  package let average: Double
  /// Processors that this system has.
  package let processors: Int

  /// A load as the system tells it, or as a test wants it.
  package init(average: Double, processors: Int) { (self.average, self.processors) = (average, processors) }

  /// Nil where the system does not tell.
  package static var current: MachineLoad? {
    Machine.load.map { MachineLoad(average: $0, processors: Machine.processors) }
  }

  /// Less than half a processor was free.
  package var isBusy: Bool { average > Double(processors) - 0.5 }

  /// "the machine was busy (load 3.1 on 2 processors)"; nil where it was not.
  package var busyWords: String? {
    isBusy ? "the machine was busy (load \(Quantity.rounded(average)) on \(processors) processors)" : nil
  }
}
