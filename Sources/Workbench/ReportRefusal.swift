import Store

/// A report that is not written, because it would say less than is there.
package enum ReportRefusal: Error, Equatable, CustomStringConvertible {
  /// Nothing has been trained yet.
  ///
  /// - Parameters:
  ///   - earlier: which other runs of it there are.
  ///   - elsewhere: where another workspace has some.
  case nothingTrained(workspace: String, earlier: String?, elsewhere: String?)
  /// Some were begun, and no row of the tables would hold a number.
  case nothingFinished(unfinished: UnfinishedRuns, earlier: String?)
  /// There is no run of anything.
  case noWorkspace(WrongWorkspace)
  /// The report in the folder holds finished runs that this one lacks.
  case fewerRuns(folder: String, held: Int, new: Int, earlier: String?)
  /// The tables in the folder, which no record describes, hold more.
  case emptierTables(folder: String, losses: [String])
  /// Files stand in the way that no report wrote, or that were changed since one did.
  case ownFiles(folder: String, foreign: [String], changed: [String])
  /// Folders stand where files are to be written.
  case foldersInTheWay(folder: String, names: [String])
  /// It is the report of another experiment of the same name.
  case otherExperiment(folder: String, held: Int, file: String?)
  /// The folder belongs to something else: the dataset, or the runs.
  case foreignFolder(folder: String, holds: String)
  /// Many other things lie in the folder, and the report would be strewn among them.
  ///
  /// - Parameter own: a folder that would be the report's alone.
  case sharedFolder(folder: String, what: String, others: Int, own: String)
  /// A report is a folder, and this reads like one of its files.
  case fileName(folder: String)
  /// Everything was written but these pictures.
  case pictures(failed: Int)

  package var description: String {
    switch self {
    case .noWorkspace(let absence): "\(absence) Nothing was written."
    case .nothingTrained(_, nil, let elsewhere?): "\(elsewhere) Nothing was written."
    case .nothingTrained(let workspace, nil, nil):
      "no run of this experiment has begun in \(workspace). Train with `safnet run`; nothing was written."
    case .nothingTrained(let workspace, let earlier?, _):
      "no run of this experiment has begun in \(workspace). Put back what the runs below were trained with (their --set, the"
        + " experiment's file or the dataset as they were), or train with `safnet run`; nothing was written.\n\(earlier)"
    case .nothingFinished(let unfinished, let earlier):
      "no run of this experiment has finished (\(unfinished.states)); \(unfinished.remedy). Nothing was written."
        + Self.more(earlier)
    case .fewerRuns(let folder, let held, let new, let earlier):
      "the report in \(folder) holds \(Self.runs(held)), this one would hold \(new); nothing was written."
        + " Train what is missing with `safnet run`, give another folder with --output, or replace it with --force."
        + Self.more(earlier)
    case .emptierTables(let folder, let losses):
      "the tables in \(folder) hold more than these; nothing was written. \(losses[0])"
        + (losses.count > 1 ? ", and so in \(losses.count - 1) more \(losses.count == 2 ? "row" : "rows")" : "")
        + ". Train what is missing with `safnet run`,"
        + " give another folder with --output, or replace them with --force."
    case .ownFiles(let folder, let foreign, let changed):
      "\(OwnFiles.words(folder, foreign, changed).joined(separator: "; ")); nothing was written. Give another folder with --output,"
        + " or move \(foreign.count + changed.count == 1 ? "it" : "them") away; --force replaces"
        + " \(foreign.count + changed.count == 1 ? "it" : "them")."
    case .foldersInTheWay(let folder, let names):
      "\(OwnFiles.list(names.map { "\(folder)/\($0)" })) \(names.count == 1 ? "is a folder" : "are folders"), which"
        + " --force does not replace; nothing was written. Move \(names.count == 1 ? "it" : "them") away, or give another"
        + " folder with --output."
    case .otherExperiment(let folder, let held, let file):
      "\(folder) holds the report of another experiment of this name" + (file.map { " (\($0))" } ?? "") + " with"
        + " \(Self.runs(held)); nothing was written. Give one of the two another name (the field name of its file), another"
        + " folder with --output, or replace it with --force."
    case .foreignFolder(let folder, let holds):
      "\(folder) \(holds), which a report's files must not lie among; nothing was written. Give another folder with --output, or"
        + " write there all the same with --force."
    case .sharedFolder(let folder, let what, let others, let own):
      "\(folder) is \(what) and holds \(others) other \(others == 1 ? "file" : "files"), among which a report's would be"
        + " strewn; nothing was written. Give a folder of its own, such as -o \(own), or write there all the same with"
        + " --force."
    case .fileName(let folder):
      "--output \(folder) reads like a file's name, and a report is a folder with several files in it; nothing was written. Give a"
        + " folder's name, such as -o report, whose page is report.html in it, and with --format the kinds of files that are"
        + " wanted; --force makes a folder of this name."
    case .pictures(let failed):
      "\(failed) of the PNG figures could not be made; tables and drawings (SVG) are written."
    }
  }

  private static func runs(_ count: Int) -> String { count == 1 ? "1 finished run" : "\(count) finished runs" }

  private static func more(_ text: String?) -> String { text.map { "\n" + $0 } ?? "" }
}
