import Experiments
import Foundation
import Measurement
import Reporting
import Scheduling
import Slurm
import Store
import Training
import Workbench

/// From an error to its words and exit code.
enum Failure {
  /// The program's own errors describe themselves: what, where, remedy.
  static func words(_ error: any Error) -> String {
    // Foundation's errors are of this class, and only their localised description is fit to be read.
    type(of: error) is NSError.Type || error is CocoaError ? error.localizedDescription : "\(error)"
  }

  /// 2: the command or the experiment file must be changed; 1: something else failed: a run, a file, a dataset.
  static func exitCode(_ error: any Error) -> Int32 {
    switch error {
    case is SpecificationErrors, is UsageError, is DeviceUsageError, is UnknownExecutor, is UnknownCommand,
      is ArgumentBytes, is EmptyWord, is RepeatedOption, is ExperimentForRun, is StreamForOutput, is AddressForOutput,
      is UnreadableRecords,
      is WrongWorkspace, is RunsElsewhere, is ImportRefusal, is SiteProfileErrors, is ImageUsageError,
      is Predictor.Refusal,
      is TrainedNetworks.Mismatch,
      is ExportRefusal, is Explanation.Failure, is BenchmarkRefusal:
      2
    default: 1
    }
  }
}
