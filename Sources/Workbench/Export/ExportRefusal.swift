import Store
import Text

/// `safnet export` as it cannot be obeyed; says what to type instead.
package enum ExportRefusal: Error, Equatable, CustomStringConvertible {
  /// `command`: what trains the rest.
  case notFinished(runs: [String], command: String)
  case incomplete(variant: String, notTaken: [String], command: String)
  case noOutput
  case outputExists(folder: String)
  case outputReadsLikeAFile(name: String)
  case imported(run: String)
  case notTested(run: String)
  case onNetworkGrid(run: String)
  /// A label map that the run has stored is lost or damaged. `command`: what makes it anew.
  case lostLabelMap(file: String, isThere: Bool, command: String)
  /// One that is not the one whose scores are exported with it.
  case replacedLabelMap(ReplacedLabelMap)
  case testedTwice(name: String, first: String, second: String)
  case foldTwice(number: Int)
  case badServer(String)
  case severalNetworks(first: String, second: String)
  case patches(run: String)

  package var description: String {
    switch self {
    case .notFinished(let runs, let command):
      "not finished: \(runs.joined(separator: ", ")). `\(command)` goes on with what is missing; --unfinished exports the network"
        + " as it is."
    case .incomplete(let variant, let notTaken, let command):
      "\(variant) is not complete: \(notTaken.joined(separator: ", ")). `\(command)` trains what is missing; --unfinished exports the"
        + " runs that are finished."
    case .noOutput: "--output is empty; give a folder that is not there yet."
    case .outputExists(let folder): "\(folder) is there already, and an export replaces nothing. Give another folder."
    case .outputReadsLikeAFile(let name):
      "--output \(name) reads like a file's name, and an export is a folder with several files in it. Give a folder's name; for"
        + " a folder of just that name give \(name)/"
    case .imported(let run):
      "\(run) was imported: its label maps are another program's, and there is no network to export."
    case .notTested(let run):
      "\(run) has no scores of test cases yet, and so no label maps. Type `safnet run` with the experiment first."
    case .onNetworkGrid(let run):
      "\(run) was tested by an earlier program, on the network's grid only: it has no label maps of the images' own. Test it"
        + " anew: remove its evaluation.h5 and type `safnet run` with the experiment."
    case .lostLabelMap(let file, false, let command):
      "\(file), which the run has predicted, is missing. `\(command)` predicts it again"
    case .lostLabelMap(let file, true, let command):
      "\(file), which the run has predicted, is damaged. Once it is gone `safnet run` predicts it again: rm -f"
        + " \(ShellWord.quoted(file)) && \(command)"
    case .replacedLabelMap(let found): "\(found)"
    case .testedTwice(let name, let first, let second):
      "\(first) and \(second) have both tested \(name), and the layout has one label map of a case. Give runs of one seed, and"
        + " of one variant."
    case .foldTwice(let number): "two of the runs are of fold \(number). Give runs of one seed, and of one variant."
    case .badServer(let text):
      "--to '\(text)': give the server's address, such as http://localhost:5000 or https://mlflow.example.org."
    case .patches(let run):
      "\(run) sees patches (training.patch): its predictions are put together from overlapping windows, which the exported"
        + " pipeline does not describe. Type `safnet predict`; --format nnunet and bids export the label maps."
    case .severalNetworks(let first, let second):
      "\(first) and \(second) are different networks, and one model.py holds one. Export them one by one."
    }
  }
}
