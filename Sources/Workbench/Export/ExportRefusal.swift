/// `safnet export` as it cannot be obeyed; says what to type instead.
package enum ExportRefusal: Error, Equatable, CustomStringConvertible {
  case notFinished(runs: [String])
  case incomplete(variant: String, notTaken: [String])
  case noOutput
  case outputExists(folder: String)
  case imported(run: String)
  case severalNetworks(first: String, second: String)

  package var description: String {
    switch self {
    case .notFinished(let runs):
      "not finished: \(runs.joined(separator: ", ")). Type `safnet run` with the experiment first, or give --unfinished"
        + " to export the network as it is."
    case .incomplete(let variant, let notTaken):
      "\(variant) is not complete: \(notTaken.joined(separator: ", ")). Type `safnet run` with the experiment first, or"
        + " give --unfinished to export the runs that are finished."
    case .noOutput: "--output is empty; give a folder that is not there yet."
    case .outputExists(let folder): "\(folder) is there already, and an export replaces nothing. Give another folder."
    case .imported(let run):
      "\(run) was imported: its label maps are another program's, and there is no network to export."
    case .severalNetworks(let first, let second):
      "\(first) and \(second) are different networks, and one model.py holds one. Export them one by one."
    }
  }
}
