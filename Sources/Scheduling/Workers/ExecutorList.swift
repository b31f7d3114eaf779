import Foundation
import System
import Text

/// One way to run workers, as `safnet run --executor NAME` finds it.
///
/// An executor is one file with its ``Executor`` and its entry, and one line in ``ExecutorList``.
package struct ExecutorEntry: Sendable {
  package let name: String
  /// For the help: the end of the sentence "workers are ...".
  package let summary: String
  /// How many runs at once, with how many threads each.
  package let allotment: @Sendable (Demand) -> Allotment
  /// Whether workers take processors and memory of this machine, so that a sweep must fit it.
  package var usesThisMachine = true
  /// Seconds between two looks at the workers.
  package var lookSeconds = Coordinator.Intervals().poll
  /// Refuses, before a case is prepared, where it could train nothing.
  package var check: @Sendable () throws -> Void = {}
  /// What it has to say once a sweep has ended by itself.
  package var lastWords: @Sendable (Context) -> [String] = { _ in [] }
  package let make: @Sendable (Context) throws -> any Executor

  package init(
    name: String, summary: String, allotment: @escaping @Sendable (Demand) -> Allotment,
    make: @escaping @Sendable (Context) throws -> any Executor
  ) {
    (self.name, self.summary, self.allotment, self.make) = (name, summary, allotment, make)
  }

  /// What a sweep asks for.
  package struct Demand: Sendable {
    package var runs: Int
    /// Bytes that the largest run takes.
    package var memoryPerRun: Int
    /// This machine.
    package var machine: Machine
    /// As asked for on the command line.
    package var jobs: Int?
    package var threads: Int?

    package init(runs: Int, memoryPerRun: Int, machine: Machine, jobs: Int? = nil, threads: Int? = nil) {
      (self.runs, self.memoryPerRun, self.machine) = (runs, memoryPerRun, machine)
      (self.jobs, self.threads) = (jobs, threads)
    }
  }

  /// How a worker is started: `program` with `workerArguments`, wherever that is.
  package struct Context {
    /// The absolute path of this program.
    package var program: URL
    package var workerArguments: (Job) -> [String]
    /// Those of its options that are the same for every run, for an executor that names runs in its own way.
    package var workerOptions: [String] = []
    /// The workspace of the runs; an executor may keep its own files in it.
    package var workspace: URL
    /// The experiment's name.
    package var experiment = ""
    /// Tells the user what concerns no single run.
    package var say: (String) -> Void = { _ in }

    package init(program: URL, workspace: URL, workerArguments: @escaping (Job) -> [String]) {
      (self.program, self.workspace, self.workerArguments) = (program, workspace, workerArguments)
    }
  }
}

/// The executors that `--executor` can name; the first is the default.
package struct ExecutorList: Sendable {
  package var entries: [ExecutorEntry]

  package init(_ entries: [ExecutorEntry]) { self.entries = entries }

  package func named(_ name: String) throws(UnknownExecutor) -> ExecutorEntry {
    if let entry = entries.first(where: { $0.name == name }) { return entry }
    throw UnknownExecutor(name: name, known: entries.map(\.name))
  }
}

package struct UnknownExecutor: Error, Equatable, CustomStringConvertible {
  package var name: String
  package var known: [String]

  package var description: String {
    "--executor '\(name)' is unknown\(name.nearest(in: known).hint); there \(known.count == 1 ? "is" : "are") \(known.joined(separator: ", "))"
  }
}
