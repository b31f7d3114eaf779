import Foundation

/// What is there and no case is made of, or what is legal but surely not meant: nothing of it stops a training, and all
/// of it is said.
package enum DatasetNotice: Hashable, Sendable {
  case leftOut(file: String, reason: LeftOut)
  /// `numTraining` of a dataset.json, where no list says which.
  case claimedCases(file: String, claimed: Int, found: Int)
  /// Images that a dataset.json lists, and that are neither there nor their masks.
  case lostCases(file: String, names: [String])
  /// The same where it is no number; as it stands there.
  case noCount(file: String, shown: String, found: Int)
  /// What dataset.json calls the number 0, which is background.
  case structureZero(file: String, names: [String])
  /// A number of folds that is asked for beside a file that has others.
  case unusedFolds(file: String, asked: Int, found: Int)
  /// The same beside a column, of whose values each makes one.
  case foldsOfColumn(column: String, asked: Int, found: Int)
  /// A list of folds that lies where none is looked for; `place`: where it would be read.
  case splitsElsewhere(file: String, place: String)
  /// The same of nnU-Net v1, beside the cases.
  case pickledSplits(file: String, place: String)
  /// A table's column of patients in which nothing stands.
  case noPatients(file: String)
  /// Columns of BIDS's table of subjects, and the first case's name.
  case participants(file: String, columns: [String], example: String)
  /// Columns of a manifest, or of a table of groups, that nothing asks for.
  case unusedColumns(file: String, names: [String])
  /// Parts of a split besides train and val.
  case unreadParts(file: String, names: [String])
  /// A list, called much like the file of folds, that is not there.
  ///
  /// - Parameter isOne: whether it would do in its place.
  case unreadSplits(file: String, isOne: Bool)
  /// Names that the dataset gives its label numbers, and others that the experiment gives them.
  case otherNames(file: String, named: [String], taken: [String])
  /// A pattern that makes every case a patient of its own, as it is without one.
  case idleGroups(pattern: String, cases: Int, better: String?)
  /// A column whose values are too rare to be in every part of the folds.
  case rareValues(column: String, values: Int, cases: Int, folds: Int)
  /// Of a BIDS folder: images of one kind are taken.
  case imageKinds(folder: String, taken: String, left: [String])
  /// Folders with volumes of their own in one whose volumes are taken; `inside`: which, and how many.
  case notLookedInto(folder: String, inside: String)
}

extension DatasetNotice {
  /// One line for each notice; files that are left out for one reason share a line.
  ///
  /// - Parameter root: files below it are named by their path from there.
  package static func lines(_ notices: [DatasetNotice], below root: URL? = nil) -> [String] {
    let start = root.map { $0.path + "/" } ?? "/"
    func short(_ file: String) -> String {
      root != nil && file.hasPrefix(start) ? String(file.dropFirst(start.count)) : file
    }
    var groups: [(reason: LeftOut, files: [String])] = []
    var others: [String] = []
    for notice in notices {
      guard case .leftOut(let file, let reason) = notice else {
        others.append(notice.words)
        continue
      }
      guard let place = groups.firstIndex(where: { $0.reason.isLike(reason) }) else {
        groups.append((reason, [short(file)]))
        continue
      }
      // A folder may lack its image and its mask.
      if case .deadLink = reason, groups[place].files.contains(short(file)) { continue }
      groups[place].files.append(short(file))
    }
    return groups.map { "left out, \($0.words($1.count)): \(shortList($1, of: "files"))" } + others
  }

  private var words: String {
    switch self {
    case .leftOut(let file, let reason): "left out, \(reason.words()): \(file)"
    case .claimedCases(let file, let claimed, let found):
      "\(file): numTraining is \(claimed), but \(found) images with masks are here; correct it or add the missing"
    case .lostCases(let file, let names):
      "\(file): lists \(Self.shortList(names, of: "cases")), of which neither image nor mask is here; put them back, or take them"
        + " out of its list \"training\""
    case .noCount(let file, let shown, let found):
      "\(file): numTraining is \(shown), which is no whole number; write \"numTraining\": \(found), as many images with masks are here"
    case .unusedFolds(let file, let asked, let found):
      "\(file) has \(found) folds, and folds.count \(asked) is not used; set folds.source to \"balanced\" to draw \(asked)"
    case .foldsOfColumn(let column, let asked, let found):
      "folds.by makes a fold of each of the \(found) values of \(column), and folds.count \(asked) is not used; leave it out, or take"
        + " folds.by out to draw \(asked)"
    case .splitsElsewhere(let file, let place):
      "\(file) is not read, and folds are drawn here: a dataset's own are read from \(place). Move it there, or delete it; folds.source"
        + " \"balanced\" says that drawn ones are meant"
    case .pickledSplits(let file, let place):
      "\(file) is a pickle, as nnU-Net v1 wrote it, and is not read, and folds are drawn here: write its folds as \(place)"
        + " (\(SplitsFile.form)), or delete it; folds.source \"balanced\" says that drawn ones are meant"
    case .noPatients(let file):
      "\(file): nothing stands in the column patient, so each case counts as a patient of its own; fill it in, or folds may part a"
        + " patient's images; where no patient has several, take the column out"
    case .participants(let file, let columns, let example):
      "\(file): \(columns.count == 1 ? "column" : "columns") \(columns.joined(separator: ", ")) not read;"
        + " \(Self.groupsRemedy(columns, example)), or add \(columns.count == 1 ? "it" : "them") to a manifest that"
        + " `safnet dataset import` writes; folds.by, folds.stratify and report.subgroups then name \(columns.count == 1 ? "it" : "them")"
    case .structureZero(let file, let names):
      "\(file): labels calls the number 0 \(names.joined(separator: ", ")); 0 is background and is not learnt. Give a"
        + " structure another number, in the masks too"
    case .unusedColumns(let file, let names):
      "\(file): \(names.count == 1 ? "column" : "columns") \(names.joined(separator: ", ")) not used; patient keeps cases"
        + " together, folds.by, folds.stratify and report.subgroups name others"
        + names.compactMap(ManifestHead.meaning).map { "; \($0)" }.joined()
    case .unreadParts(let file, let names):
      "\(file): \(names.joined(separator: ", ")) not read; read are train and val, of which folds.validation cases"
        + " choose the checkpoint and the rest is tested"
        + (names.contains("test")
          ? "; cases that all folds name under test are a test set where the experiment says \"test\": {\"cases\": \"splits\"}"
          : "")
    case .unreadSplits(let file, true): "\(file) is not read; did you mean \(SplitsFile.name)?"
    case .unreadSplits(let file, false): "\(file) is not read: folds come from \(SplitsFile.name) alone"
    case .otherNames(let file, let named, let taken):
      "\(file) names its structures \(Self.shortList(named)); here the same numbers are called"
        + " \(Self.shortList(taken)). Set dataset.labels to \"dataset.json\" to take its names"
    case .idleGroups(let pattern, let cases, let better):
      "dataset.groups: pattern \"\(pattern)\": each of the \(cases) cases is a patient of its own, as without it; end the first"
        + " parentheses before what tells one patient's images apart"
        + (better.map { ": \"\($0)\"" } ?? ", or leave dataset.groups out")
    case .rareValues(let column, let values, let cases, let folds):
      "folds.stratify: column \(column) has \(values) values in \(cases) cases, each in fewer than the \(folds) parts, so that it"
        + " changes nothing that is meant; write a column of a few groups, as young and old"
    case .notLookedInto(let folder, let inside):
      "\(folder): folders in it are not looked into: \(inside); what lies there is taken where that folder is given"
    case .imageKinds(let folder, let taken, let left):
      left.isEmpty
        ? "\(folder): the images are \(taken), as there are no T2w images"
        : "\(folder): the images are \(taken); those of other kinds are not read (\(left.joined(separator: ", ")))"
    }
  }

  /// How columns of a table that is not read come to the cases.
  ///
  /// - Parameter example: a case's name.
  package static func groupsRemedy(_ columns: [String], _ example: String) -> String {
    "write \(columns.count == 1 ? "it" : "them") into a CSV file that begins with the line case,\(columns.joined(separator: ",")) and has one"
      + " for each case (\(example),...), which dataset.groups names: {\"file\": \"FILE.csv\"}"
  }

  /// The first of many names, and how many more there are.
  package static func shortList(_ names: [String], of kind: String? = nil) -> String {
    let first = names.prefix(5).joined(separator: ", ")
    let list = names.count > 5 ? "\(first) and \(names.count - 5) more" : first
    return kind.map { names.count > 1 ? "\(names.count) \($0), \(list)" : list } ?? list
  }
}

extension DatasetNotice {
  /// Whether other cases or other folds are used than somebody may have meant: what is said at every run.
  package var decidesCases: Bool {
    switch self {
    case .leftOut(_, .channel), .leftOut(_, .macOS), .leftOut(_, .hidden): false
    case .leftOut, .claimedCases, .lostCases, .unusedFolds, .foldsOfColumn, .splitsElsewhere, .pickledSplits,
      .unreadParts, .unreadSplits, .idleGroups, .imageKinds, .notLookedInto:
      true
    case .noCount, .structureZero, .unusedColumns, .otherNames, .rareValues, .noPatients, .participants: false
    }
  }

  /// Whether it is about how cases are divided, which is said before an image is read too.
  var decidesFolds: Bool {
    switch self {
    case .unusedFolds, .foldsOfColumn, .splitsElsewhere, .pickledSplits, .unreadSplits, .idleGroups, .noPatients: true
    default: false
    }
  }
}
