import JSON
import Text
import Volumes

/// What keeps label maps of another program from standing beside an experiment's own; each names its files.
package enum ImportProblem: Error, Equatable, CustomStringConvertible {
  /// `inside`: folders in it that hold some, and are not looked into.
  case noMaps(folder: String, inside: String? = nil)
  case capitalEndings(CapitalEndings)
  /// Images of the experiment's own cases.
  case images(folder: String, example: String, name: String)
  /// A place without `fold_0/validation`, and folders near it that have results.
  case noResults(folder: String, inside: [String])
  /// Of a network that was trained on all cases, and of no other.
  case onlyFoldAll(folder: String)
  /// A table; without a line where it cannot be read at all, and the reason names it.
  case badList(file: String, line: Int?, reason: String)
  case badLabels(file: String, reason: String)
  case badSummary(file: String, reason: String)
  case noFile(file: String, list: String, line: Int)
  case missing(cases: [String], folder: String, inside: String? = nil)
  case doubled(name: String, files: [String])
  case notOurs(file: String, name: String, nearest: String?)
  /// Predicted by a network that trained on it.
  case trainedOn(file: String, name: String, fold: Int)
  /// The same by the splits of the other program, whose folds count from 0; `isHeldOut`: whether they hold it out as well.
  case leak(file: String, name: String, fold: Int, splits: String, isHeldOut: Bool)
  /// Splits that were named and do not fit, and those in the folder of the results, which do.
  case ownSplitsFit(given: String, own: String)
  /// Splits that were named, and train on what a fold's results hold; `fitting`: those that `safnet run` has written,
  /// where they fit.
  case otherSplits(given: String, fold: Int, seen: [String], fitting: String?)
  /// Held out together by the other program, and in several folds here.
  case otherSplit(place: String, fold: Int, strangers: [String])
  case noFold(file: String, fold: Int, known: [Int])
  /// Of the other program's splits, whose folds count from 0, and `results` of which one is missing there.
  case noFoldInSplits(file: String, fold: Int, known: Int, results: String)
  case unreadable(file: String, reason: String)
  case otherShape(file: String, name: String, found: String, expected: String)
  case otherPlace(file: String, name: String, millimetres: Double, tolerance: Double)
  /// A file in a label map's place, with so many numbers that no label has.
  case image(file: String, numbers: Int)
  /// Numbers that the experiment does not know, ascending.
  ///
  /// - Parameter structures: the experiment's.
  case unknownLabels(files: [String], values: [Double], voxels: Int, known: [Int], structures: [String])

  package var description: String {
    switch self {
    case .noMaps(let folder, let inside):
      "\(folder) holds no label map (.nii.gz or .nii). Give the folder with one for each test case."
        + Self.deeper(inside)
    case .capitalEndings(let endings): "\(endings.words)."
    case .images(let folder, let example, let name):
      "\(folder) holds images, not label maps: \(example) is a channel of the image \(name). Give the folder with the method's label"
        + " map for each test case, called CASE.nii.gz."
    case .noResults(let folder, let inside):
      "\(folder) holds no nnU-Net results (fold_0/validation/CASE.nii.gz). Give "
        + (inside.count > 1
          ? "one of the folders that do: \(Self.short(inside))."
          : "the folder \(inside.first ?? "TRAINER__PLANS__CONFIGURATION").")
    case .onlyFoldAll(let folder):
      "\(folder) holds fold_all only, a network that was trained on all cases: what it makes of them says nothing. Train the folds"
        + " (nnUNetv2_train ... 0, then 1 and so on), and import those."
    case .badList(_, nil, let reason): "\(reason)."
    case .badList(let file, let line?, let reason): "\(file):\(line): \(reason)."
    case .badLabels(let file, let reason): "\(file): \(reason)."
    case .badSummary(let file, let reason):
      "\(file): \(reason). Copy it anew from nnU-Net's results, or move it away: its scores are only compared with those made here."
    case .noFile(let file, let list, let line): "\(list):\(line): there is no file \(file)."
    case .missing(let cases, let folder, let inside):
      "\(folder) has no label map of \(cases.count) test \(cases.count == 1 ? "case" : "cases"):"
        + " \(Self.short(cases)). Add CASE.nii.gz, say with --cases which file is which case, or show the method with its"
        + " own n by --partial \"why\"." + Self.deeper(inside)
    case .doubled(let name, let files): "\(name) has \(files.count) label maps: \(Self.short(files)). Keep one."
    case .notOurs(let file, let name, let nearest):
      "\(file): \(name) is no case of this experiment\(nearest.hint.isEmpty ? "." : nearest.hint) Name it with --cases, or"
        + " move it away."
    case .trainedOn(let file, let name, let fold):
      "\(file): \(name) is training data of fold \(fold) of this experiment, so its score there would be of a network that has seen it."
        + " If that network did not learn from it, correct the column fold of --cases; else move the map away and give --partial \"why\"."
    case .leak(let file, let name, let fold, let splits, let isHeldOut):
      "\(file): \(splits) has \(name) in train"
        + (isHeldOut ? " and in val" : "")
        + " of its fold \(fold), counted from 0, so its score there would be of a network that has seen"
        + " it. If the network did not learn from it, take \(name) out of train there; else move the map away and give --partial \"why\","
        + " or train anew on the \(SplitsFile.name) that `safnet run` writes below Workspace/splits."
    case .ownSplitsFit(let given, let own):
      "\(given), which --splits names, does not fit these results, and the folder's own \(own) does: leave --splits out."
    case .otherSplits(let given, let fold, let seen, let fitting):
      "\(given), which --splits names, is not the split of these results: its fold \(fold) trains on \(Self.short(seen)), which"
        + " fold_\(fold)/validation holds. Name the file that they were trained on"
        + (fitting.map { ", as \($0), which fits" } ?? "") + ", or leave --splits out."
    case .otherSplit(let place, let fold, let strangers):
      "\(place) holds out \(Self.short(strangers)), which fold \(fold) of this experiment does not: it is another split, and"
        + " the scores would not be of the same training. Train it on the splits_final.json that `safnet run` writes to"
        + " Workspace/splits, or put its own into the dataset (folds.source of the experiment)."
    case .noFold(let file, let fold, let known):
      "\(file) is said to be of fold \(fold); the experiment has \(known.map(String.init).joined(separator: ", "))."
    case .noFoldInSplits(let file, let fold, let known, let results):
      "\(results) is there, and \(file) has \(known == 1 ? "fold 0 alone" : "the folds 0 to \(known - 1)"): name the splits that it"
        + " was trained on by --splits, or move fold_\(fold) away."
    case .unreadable(let file, let reason): "\(file): \(reason)."
    case .otherShape(let file, let name, let found, let expected):
      "\(file) has \(found) voxels (D, H, W), the image of \(name) has \(expected). Bring it back to the image's own grid."
    case .otherPlace(let file, let name, let millimetres, let tolerance):
      "\(file) lies up to \((millimetres * 1000).rounded() / 1000) mm off the image of \(name) (allowed:"
        + " \((tolerance * 1000).rounded() / 1000) mm). Correct its affine."
    case .image(let file, let numbers):
      "\(file) holds \(numbers) numbers that are no label's: it is an image or a map of probabilities. Give the method's label maps."
    case .unknownLabels(let files, let values, let voxels, let known, let structures):
      "\(files.count == 1 ? files[0] : "\(files.count) maps (\(Self.short(files)))") \(files.count == 1 ? "holds" : "hold")"
        + " \(values.count == 1 ? "the label" : "the labels") \(Self.numbers(values)) in \(Quantity.of(voxels, "voxel")); the known ones"
        + " are \(known.map(String.init).joined(separator: ", ")). Say with --labels FILE what all the numbers mean; such a file holds"
        + " \(Self.example(structures, values))."
    }
  }

  /// What is said of folders in the given one; nothing where there are none.
  private static func deeper(_ inside: String?) -> String {
    inside.map {
      " Folders in it are not looked into: \($0). Move their maps into one folder, or name them with --cases."
    } ?? ""
  }

  /// Which number is which structure is guessed where there are as many of both.
  private static func example(_ structures: [String], _ values: [Double]) -> String {
    let isWhole = structures.count == values.count
    let members = structures.indices.prefix(2).map { index in
      "\(CanonicalJSON.quoted(structures[index])): \(isWhole ? numbers([values[index]]) : "NUMBER")"
    }
    return "{\(members.joined(separator: ", "))\(structures.count > 2 ? ", ..." : "")}"
  }

  private static func numbers(_ values: [Double]) -> String {
    short(values.map { Int(exactly: $0).map(String.init) ?? "\($0)" })
  }

  static func short(_ names: [String]) -> String {
    names.count <= 6
      ? names.joined(separator: ", ") : names.prefix(5).joined(separator: ", ") + " and \(names.count - 5) more"
  }
}

/// All of them: nothing was scored, and nothing stored.
package struct ImportProblems: Error, Equatable, CustomStringConvertible {
  package let problems: [ImportProblem]

  package init(_ problems: [ImportProblem]) { self.problems = Self.folded(problems) }

  /// Unknown numbers of all maps are told at once, in the place of the first: one file is to name all of them.
  private static func folded(_ problems: [ImportProblem]) -> [ImportProblem] {
    var all: (files: [String], values: Set<Double>, voxels: Int) = ([], [], 0)
    for case .unknownLabels(let files, let values, let voxels, _, _) in problems {
      all = (all.files + files, all.values.union(values), all.voxels + voxels)
    }
    var isTold = false
    return problems.compactMap { problem in
      guard case .unknownLabels(_, _, _, let known, let structures) = problem else { return problem }
      defer { isTold = true }
      return isTold
        ? nil
        : .unknownLabels(
          files: all.files, values: all.values.sorted(), voxels: all.voxels, known: known, structures: structures)
    }
  }

  package var description: String {
    let shown = problems.prefix(20).map(\.description)
    let more = problems.count > shown.count ? ["and \(problems.count - shown.count) more problems"] : []
    return "nothing was imported.\n" + (shown + more).map { "  \($0)" }.joined(separator: "\n")
  }
}

/// An import that is sound, and not wanted as it was given.
package enum ImportRefusal: Error, Equatable, CustomStringConvertible {
  /// The experiment has a variant of this name.
  case nameTaken(name: String, variants: [String])
  /// Other content stands under this name.
  case otherContent(name: String, run: String)
  /// A reason for missing cases, and none is missing.
  case nothingMissing(name: String)
  case badName(name: String)
  case noReason

  package var description: String {
    switch self {
    case .nameTaken(let name, let variants):
      "--name '\(name)' is a variant of the experiment (\(variants.joined(separator: ", "))). Give another name."
    case .otherContent(let name, let run):
      "'\(name)' has been imported with other content (\(run)). Give another name, or replace it with --replace."
    case .nothingMissing(let name): "--partial says why cases are missing, and '\(name)' has all. Leave it out."
    case .noReason: "--partial needs a reason: it stands below the tables."
    case .badName(let name):
      "--name '\(name)' cannot head a row: it needs 1 to 200 bytes in one line, without blanks at its ends."
    }
  }
}
