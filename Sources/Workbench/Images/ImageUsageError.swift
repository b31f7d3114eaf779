import Text

/// `safnet predict` and `safnet evaluate` as they cannot be obeyed; says what to type instead.
package enum ImageUsageError: Error, Equatable, CustomStringConvertible {
  case runTwice(name: String)
  /// A folder that is called as another run than the one it holds; `words`: which, and what leads out.
  case misnamedRun(words: String)
  case noVariant(known: [String])
  /// `earlier`: what finished runs of earlier content are.
  case noFinishedRun(variant: String, runs: Int, unfinished: UnfinishedRuns, earlier: String?)
  /// A run that was named, and has learnt nothing yet.
  case noNetwork(run: String, unfinished: UnfinishedRuns)
  case oneFileForMany(output: String, images: Int)
  case noOutput
  case outputIsStream
  /// A label map, or what is written beside one.
  case outputExists(file: String)
  case outputIsInput(file: String)
  /// A folder of images that is to take their label maps.
  case outputIsInputFolder(folder: String)
  /// The masks of a dataset, or maps of another program.
  case outputIsMasks(folder: String)
  /// One of them.
  case outputIsMask(file: String)
  /// A file that `safnet predict` did not write, as far as anything says.
  case outputIsForeign(file: String)
  /// A label map that is not as it was written any more.
  case outputIsChanged(file: String)
  /// A place that belongs to the workspace.
  case outputInWorkspace(output: String, workspace: String)
  /// A folder that `safnet predict` has filled, given as images.
  case inputIsPredictions(folder: String)
  /// The masks of a dataset, whose images are elsewhere.
  case inputIsMasks(folder: String, images: String, output: String)
  /// What a run has predicted of its test cases.
  case inputIsRunsPredictions(folder: String, run: String)
  case outputIsDataset(folder: String)
  /// A folder in which many other things lie.
  case outputIsShared(folder: String, what: String, others: Int)
  /// What stands where a run must; `run`: the word behind it that is one.
  case imageFirst(given: String, run: String?)
  /// A workspace where one of its runs must stand.
  case workspaceFirst(given: String)
  /// What is neither a run nor images there; `what`: "a report".
  case otherFirst(given: String, what: String)
  /// A run, or a variant where `run` is nil, in an image's place; `runs`: those that were named before it; `others`: all that stand
  /// so.
  case runAmongImages(given: String, run: String?, runs: [String], others: [String])
  case unreadPattern(UnreadPattern)
  case outputIsFile(file: String)
  case outputIsNoLabelMap(name: String)
  case busy(folder: String)
  case badComponents(text: String)
  /// With the names of the cases of both.
  case noPair(predictions: String, truths: String, names: [String], trueNames: [String])
  /// A folder without a label map; `inside`: folders in it that hold some.
  case nothingInFolder(folder: String, inside: String? = nil)
  case fileAndFolder(file: String, folder: String)
  case csvOfOne
  case csvIsFolder(folder: String)
  /// What is to be scored is not there; `isRun`: it is the name of a run.
  case nothingToScore(file: String, isRun: Bool)
  /// What names structures stands where a label map must.
  case namesToScore(file: String, NamesFile)
  /// The truth stands where the predictions must; `words`: how that is known.
  case exchanged(prediction: String, truth: String, words: String)
  /// A label map of one image, and the truth of another case; `right`: the one that is meant.
  case otherTruth(prediction: String, image: String, truth: String, right: String)
  case labelsInFolder(folder: String)
  case labelsAreElsewhere(file: String, words: String)

  private static func unfinished(_ variant: String, _ runs: Int) -> String {
    runs == 1 ? "the run of \(variant) has not finished" : "none of the \(runs) runs of \(variant) has finished"
  }

  /// The first of many.
  private static func few(_ names: [String]) -> String {
    names.prefix(3).joined(separator: ", ") + (names.count > 3 ? " and \(names.count - 3) more" : "")
  }

  /// One of each that seem to be of one case, by the digits of their names.
  private static func example(_ names: [String], _ others: [String]) -> String? {
    func digits(_ name: String) -> [Int] { name.split { !$0.isASCII || !$0.isNumber }.compactMap { Int($0) } }
    for name in names.prefix(100) {
      let own = digits(name)
      if own.isEmpty { continue }
      if let other = others.first(where: { digits($0) == own }) { return "\(name) as \(other)" }
    }
    return nil
  }

  package var description: String {
    switch self {
    case .runTwice(let name): "\(name) is named twice; a network has one vote."
    case .misnamedRun(let words): words
    case .noVariant(let known):
      "--experiment: it has the variants \(known.map(\.inAList).joined(separator: ", ")); name one with --variant."
    case .noFinishedRun(let variant, let runs, let unfinished, nil):
      Self.unfinished(variant, runs) + " yet (\(unfinished.states)); \(unfinished.remedy)."
    case .noFinishedRun(let variant, let runs, let unfinished, let earlier?):
      Self.unfinished(variant, runs)
        + " as the experiment says now (\(unfinished.states)). Give the --set with which they were trained, or train them:"
        + " \(unfinished.remedy). \(earlier)"
    case .noNetwork(let run, let unfinished):
      "\(run) has no trained network yet (\(unfinished.states)); \(unfinished.remedy)."
    case .oneFileForMany(let output, let images):
      "--output \(output) is one label map, and \(images) images are to be segmented; give a folder."
    case .noOutput: "--output is empty; give a folder, or for one image a label map's name."
    case .outputIsStream:
      "--output -: label maps are files, and none goes to standard output; give a folder, or for one image a label map's name."
    case .outputExists(let file):
      "\(file) exists already. Give another name, remove it, or replace with --force what `safnet predict` wrote there."
    case .outputIsInput(let file): "--output: \(file) is the image itself. Give another folder."
    case .outputIsInputFolder(let folder):
      "--output \(folder) is the folder of the images: their label maps would lie among them, and the next `safnet predict`"
        + " would take them for images. Give another folder."
    case .outputIsMasks(let folder):
      "--output \(folder) holds label maps that `safnet predict` did not write, as a dataset's masks are, and those of a network"
        + " would replace them or lie among them. Give another folder."
    case .outputIsDataset(let folder):
      "--output \(folder) is the folder of a dataset or of its images, of which the label maps would be taken for a part. Give"
        + " another folder."
    case .outputIsShared(let folder, let what, let others):
      "--output \(folder) is \(what) and holds \(Quantity.of(others, "other file")), among which label maps would be strewn; nothing"
        + " was written. Give a folder of its own, such as -o labels, or write there all the same with --force."
    case .outputIsMask(let file):
      "--output \(file) is a mask of a dataset, which a network's label map would replace. Give another name."
    case .outputIsForeign(let file):
      "\(file) is there, and nothing says that `safnet predict` wrote it, neither its header nor a \(PredictionRecord.name) beside it: it"
        + " may be a mask that somebody drew, which --force does not replace. Give another name, or remove it yourself."
    case .outputIsChanged(let file):
      "\(file) was changed since `safnet predict` wrote it, perhaps corrected by hand, and --force does not replace it. Give another"
        + " name, or remove it yourself."
    case .outputInWorkspace(let output, let workspace):
      "--output \(output) lies in the workspace \(workspace), among runs and prepared images, where nothing else belongs. Give a"
        + " folder beside it."
    case .inputIsPredictions(let folder):
      "\(folder) holds label maps that `safnet predict` wrote (\(PredictionRecord.name)), which would be taken for images. Give"
        + " the images' own folder, or the images by their names; if this is the images' own, move the label maps and"
        + " \(PredictionRecord.name) out of it."
    case .inputIsMasks(let folder, let images, let output):
      "\(folder) holds the masks of a dataset, and no images: nothing was predicted. Its images are in \(images): give that folder"
        + " in its place, with the same --output \(ShellWord.quoted(output))."
    case .inputIsRunsPredictions(let folder, let run):
      "\(folder) holds the label maps that the run \(run) predicted of its test cases, and no images. Give the images' own folder."
    case .workspaceFirst(let given):
      "\(given) is a workspace, and stands where one of its runs must. Type safnet predict RUN IMAGES --output FOLDER --workspace"
        + " \(ShellWord.quoted(given)); `safnet runs list --workspace \(ShellWord.quoted(given))` has the runs."
    case .otherFirst(let given, let what):
      "\(given) is \(what), and stands where a run must, whose label maps are wanted. Type safnet predict RUN IMAGES --output"
        + " FOLDER; `safnet runs list` has the runs."
    case .imageFirst(let given, let run?):
      "\(given) stands where the run must: the run, \(run), comes first, then the images."
    case .imageFirst(let given, nil):
      "\(given) stands where the run must, and none of the other words is a run. Type safnet predict RUN"
        + " \(ShellWord.quoted(given)) --output FOLDER; `safnet runs list` has the runs, and --experiment FILE --variant NAME"
        + " takes all folds of one."
    case .runAmongImages(let given, let run, let runs, let others):
      "\(given) is \(run.map { $0 == given ? "a run" : "a run (\($0))" } ?? "a variant") and stands where the images must. "
        + (runs.isEmpty
          ? "--experiment takes the runs of a variant; leave it out to name single ones: "
          : "Several vote where each is given with --run: ")
        + "safnet predict \((runs + others).map { "--run \(ShellWord.quoted($0))" }.joined(separator: " ")) IMAGES --output FOLDER"
    case .unreadPattern(let pattern): "\(pattern.words)."
    case .outputIsFile(let file):
      "--output \(file) is a file, and neither .nii nor .nii.gz. Give a folder, or a name that ends so."
    case .outputIsNoLabelMap(let name):
      "--output \(name) reads like a file's name; label maps end in .nii or .nii.gz. For a folder of that name give \(name)/"
    case .busy(let folder):
      "another `safnet predict` is writing into \(folder). Wait for its end, or give another folder."
    case .badComponents(let text):
      "--components '\(text)': give largest, all, STRUCTURE=largest or STRUCTURE=all; what comes later counts."
    case .noPair(let predictions, let truths, let names, let trueNames):
      "no case of \(predictions) (\(Self.few(names))) is in \(truths) (\(Self.few(trueNames))): files are paired by their names"
        + " without the ending, and mask_case1 is Case1. Rename those of one folder as the other's"
        + (Self.example(names, trueNames).map { ", such as \($0)" } ?? "") + "."
    case .nothingInFolder(let folder, let inside?):
      "\(folder) holds no label map of its own, and folders in it are not looked into: \(inside). Give one of these folders, with the"
        + " truth of the cases in it."
    case .nothingInFolder(let folder, nil):
      "\(folder) holds no label map: nothing in it ends in .nii.gz or .nii. Give the folder with the label maps, such as the"
        + " --output of `safnet predict`, and one with the masks (or their dataset)."
    case .csvIsFolder(let folder): "--csv \(folder) is a folder; give a file's name, such as \(folder)/scores.csv"
    case .nothingToScore(let file, true):
      "\(file) is a run, and `safnet evaluate` scores label maps. Make them with `safnet predict \(file) IMAGES --output labels/`"
        + " and score labels/; the scores of the run's own test cases are in `safnet report` and `safnet runs show \(file)`."
    case .nothingToScore(let file, false):
      "there is no file and no folder \(file). Give two label maps, or two folders of them."
    case .namesToScore(let file, let names):
      "\(file) is \(names.words) and no label map: give the prediction and its truth, and this file by \(names.option)"
        + " \(ShellWord.quoted(file))"
    case .exchanged(_, _, let words): "\(words); --force scores them in the order in which they were given."
    case .otherTruth(let prediction, let image, let truth, let right):
      "\(prediction) was made of the image \(image), as its header says, and \(truth) is another case's. Its truth lies beside:"
        + " safnet evaluate \(ShellWord.quoted(prediction)) \(ShellWord.quoted(right)); --force scores it against \(truth) all the"
        + " same."
    case .labelsInFolder(let folder):
      "--labels \(folder) is a folder without a dataset.json. Give the file that names the labels as nnU-Net's dataset.json"
        + " does, or take the structures of an experiment (--experiment FILE) or a run (--run RUN)."
    case .labelsAreElsewhere(let file, let words): "--labels \(file): \(words)"
    case .csvOfOne: "--csv is for two folders; --json prints every score of one pair."
    case .fileAndFolder(let file, let folder):
      "\(file) is a file and \(folder) a folder; give two label maps, or two folders."
    }
  }
}
