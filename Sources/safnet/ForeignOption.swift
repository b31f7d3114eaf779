import Experiments
import Models
import Networks
import Text

/// An option as other programs of this field call it (nnU-Net, MONAI, Lightning, argparse), and what takes its place here.
struct ForeignOption {
  /// Without dashes, as it was typed.
  private let typed: String
  private let name: String
  private let value: String?

  /// - Parameters:
  ///   - option: as it was typed, dashes and all.
  ///   - given: the words of the command line, among which its value may be.
  init(_ option: String, in given: [String]) {
    let parts = option.split(separator: "=", maxSplits: 1).map(String.init)
    typed = String(parts[0].drop { $0 == "-" })
    name = typed.lowercased().replacing("_", with: "-")
    let place = given.firstIndex { $0 == option || $0.hasPrefix(option + "=") }
    let behind = place.flatMap { $0 + 1 < given.count && !given[$0 + 1].hasPrefix("-") ? given[$0 + 1] : nil }
    let joined = place.flatMap { given[$0].split(separator: "=", maxSplits: 1).dropFirst().first.map(String.init) }
    value = joined ?? behind
  }

  /// What a command does in its place; nil where that is not known.
  ///
  /// - Parameter command: with the group that it is of.
  func words(for command: String) -> String? {
    let own = (Self.ofCommands[command] ?? []).first { $0.names.contains(name) }?.words
    if command != "run", let own { return withValue(own) }
    return (Self.anywhere.first { $0.names.contains(name) }?.words ?? own).map(withValue)
  }

  private func withValue(_ words: String) -> String {
    words.replacing("VALUE", with: ShellWord.quoted(value ?? "VALUE")).replacing("OPTION", with: "--\(name)")
  }

  /// The field of an experiment that it is; nil where it is none.
  var field: String? {
    guard let place = Self.ofLetters[name] ?? dotted ?? KeyPlaces().of(name).first ?? denied else { return nil }
    if place.contains(" ") { return "That is \(place)." }
    let path = Self.mainField[place] ?? place
    return "A field of the experiment is changed by --set \(ShellWord.quoted("\(path)=\(written(for: path))"))"
  }

  /// Of an option that is no field either.
  static let anyField =
    "What an experiment says is changed by --set key.path=value; docs/keys.md has every key, --help every option."

  /// `--training.epochs` and `--trainer.max_epochs`: a path, be it one of ours or not.
  private var dotted: String? {
    guard typed.contains("."), let key = typed.split(separator: ".").last else { return nil }
    let places = KeyPlaces().of(String(key))
    return places.contains { typed == $0 || typed.hasSuffix("." + $0) } ? typed : places.first
  }

  /// `--no-augment`, of what can be left out.
  private var denied: String? {
    guard name.hasPrefix("no-") else { return nil }
    return KeyPlaces().of(String(name.dropFirst(3))).first { $0 == Self.deniable }
  }

  private static let deniable = "augmentation"

  // MARK: Fields

  /// Of objects, what an option of one word can mean.
  private static let mainField = ["model": "model.kind", "dataset": "dataset.path"]
  private static let ofLetters = [
    "d": "dataset.path", "tr": "model.kind", "e": "training.epochs", "b": "training.batch",
  ]

  /// The value as the field wants it; three numbers are written in many ways, and networks have other names elsewhere.
  private func written(for path: String) -> String {
    if path == Self.deniable, value == nil { return name.hasPrefix("no") ? "false" : "true" }
    if path == "training.precision", value == nil { return "bfloat16" }
    if path == "model.kind", let value, !NetworkRegistry.standard.kinds.contains(value) {
      return value.lowercased().nearest(in: NetworkRegistry.standard.kinds) ?? "KIND"
    }
    let isExtent = ["training.patch", "preprocessing.size", "preprocessing.spacing"].contains(path)
    guard isExtent else { return value ?? "VALUE" }
    let numbers = (value ?? "").split { ",xX ()[]".contains($0) }
    return numbers.count == 3 ? "[\(numbers.joined(separator: ","))]" : "[D,H,W]"
  }

  private static func names(_ text: String) -> Set<String> { Set(text.split(separator: " ").map(String.init)) }

  // MARK: Options

  /// VALUE is what was given, OPTION how it is called.
  private typealias Habit = (names: Set<String>, words: String)

  private static let ofCommands = [
    "run": ofRun, "plan": [ofVariants], "status": [ofVariants], "predict": ofPredict, "evaluate": ofEvaluate,
    "new": ofNew,
    "report": ofReport, "export": [replacing("An export replaces nothing: give another folder, or remove that one.")],
    "runs remove": ofRemove, "dataset import": ofDatasetImport, "import predictions": ofImport,
    "import nnunet": ofImport,
    "dataset phantom": [replacing("A folder that is there is never replaced: give another name, or remove it.")],
  ]

  /// What several commands are asked for, each in its own words.
  private static func replacing(_ words: String, or others: String = "") -> Habit {
    (names("overwrite overwrite-existing force-overwrite replace clobber force \(others)"), words)
  }

  private static let ofVariants: Habit = (names("variant variants model-name"), "--only VALUE chooses among variants.")

  private static let withForce = replacing("What is there is replaced with --force.")

  private static let ofImport = [replacing("What was imported under this name is replaced with --replace.")]

  private static let ofDatasetImport: [Habit] = [
    replacing("A table that is there is never replaced: give another name, or remove it."),
    (
      names("o output out output-file csv manifest"),
      "The table that is written stands by itself, and first; what it lists is given by --images and --masks, or --bids: safnet"
        + " dataset import VALUE --images 'PATH/*.nii.gz' --masks 'PATH/*.nii.gz'"
    ),
  ]

  private static let ofRun: [Habit] = [
    ofVariants,
    (
      names(
        "o output out output-dir out-dir outdir save-dir save-path results-dir work-dir workdir log-dir logdir model-dir"
          + " checkpoint-dir exp-dir default-root-dir"),
      "Runs are kept in a workspace: --workspace VALUE"
    ),
    (
      names("j n-jobs num-workers workers nproc num-processes np num-threads nthreads"),
      "--jobs says how many runs are trained at once, --threads how many threads each has."
    ),
    (names("f fold"), "--folds chooses among folds, which are counted from 1: --folds 1"),
    (
      names("c config cfg configuration config-file yaml"),
      "The experiment's file stands by itself: `safnet run FILE`; `safnet run` goes on by itself where it was stopped."
    ),
    replacing(
      "What is finished stays: `safnet runs remove RUN` takes a run away, and `safnet run` trains it again.",
      or: "clean fresh restart no-resume"),
    (
      names("val validate eval evaluate test do-test npz"),
      "Every run is tested on its fold's cases when it is trained; `safnet report EXPERIMENT` shows the scores."
    ),
    (
      names("seed random-seed rng-seed manual-seed"),
      "A field of the experiment is changed by --set training.seed=VALUE; --seeds chooses among several (seeds)."
    ),
    (
      names("name exp-name experiment-name run-name project"),
      "A field of the experiment is changed by --set name=VALUE"
    ),
    (names("n dry check simulate"), "--dry-run says what would be done."),
    (
      names("deterministic cudnn-deterministic benchmark reproducible"),
      "Nothing is needed for that: the same experiment gives the same bits, with any number of threads."
    ),
  ]

  private static let ofPredict: [Habit] = [
    withForce,
    (
      names("save-probabilities save-probability probs prob softmax save-softmax save-probs npz logits"),
      "Probabilities are written with --probabilities."
    ),
    (names("tta flip use-tta disable-tta"), "Label maps are by mirrored images too with --mirror."),
    (names("device"), "The processor computes unless `--engine pjrt` says otherwise (docs/gpu.md)."),
    (
      names("i in input inputs images input-folder input-dir img source"),
      "Images and folders of them stand by themselves behind the run: safnet predict RUN VALUE --output FOLDER"
    ),
    (
      names("f fold folds seeds only"),
      "A run is of one fold and one seed: `safnet runs list` has their names, and several are given by --run RUN --run RUN;"
        + " --experiment FILE --variant NAME takes all finished ones of a variant."
    ),
    (
      names("m model model-folder ckpt weights model-path net"),
      "The run's name stands first and brings its network: safnet predict RUN IMAGE --output FOLDER; --checkpoint best or last"
        + " chooses which of its two."
    ),
  ]

  private static let ofEvaluate: [Habit] = [
    replacing(
      "Nothing is written but what --csv names; a table of scores that stands there is replaced, any other file is not: give another"
        + " name, or remove it."),
    (
      names("o output out output-file out-file outfile save output-dir save-path excel summary"),
      "Every score of two folders' cases is written with --csv FILE; --json prints them."
    ),
  ]

  private static let ofNew: [Habit] = [
    replacing("A file that is there is never replaced: give another name, or remove it."),
    (
      names("folds fold k n-folds num-folds nfolds kfold cv n-splits splits"),
      "The number of folds stands in the file that is written: change \"count\" of \"folds\" there to VALUE."
    ),
  ]

  private static let ofReport: [Habit] = [
    withForce,
    (
      names("folds fold only variant variants seeds seed"),
      "A report is of all that its experiment asks for; `safnet status EXPERIMENT` shows a part with --only, --folds and --seeds,"
        + " and an experiment of its own (\"extends\", another \"name\") that asks for less has the report of that part."
    ),
  ]

  private static let ofRemove: [Habit] = [
    (
      names("all a everything"),
      "Runs are chosen by --state STATE (all that are finished: --state finished) or by --unclaimed (all that no experiment asks"
        + " for); --dry-run says which those are."
    ),
    (names("force f y confirm"), "It is confirmed by --yes; --dry-run says what would be removed."),
  ]

  private static let anywhere: [Habit] = [
    (names("v version"), "The version is `safnet --version`."),
    (
      names("gpu gpus cuda device-ids num-gpus n-gpus ngpus accelerator nproc-per-node local-rank devices ngpu"),
      "`--engine pjrt` trains on a graphics card (docs/gpu.md)."
    ),
    (names("cpu no-cuda no-gpu"), "The processor computes unless `--engine pjrt` says otherwise."),
    (
      names("resume continue resume-from auto-resume continue-training"),
      "`safnet run` goes on by itself where it was stopped."
    ),
    (
      names("wandb tensorboard mlflow tb use-wandb"),
      "`safnet dashboard` shows runs while they are trained; `safnet export` writes them for tensorboard and mlflow."
    ),
    (
      names("tta mirror flip use-tta disable-tta"),
      "An experiment has ways of predicting: --set 'prediction={\"mirror\":true}' scores mirrored images too."
    ),
    (
      names("verbose debug progress log-level"),
      "`safnet status`, `safnet runs show RUN` and each run's run.log say more."
    ),
    (names("q quiet silent"), "What it says goes to standard error, which `2> FILE` keeps away."),
    (names("latex tex"), "`safnet report EXPERIMENT --format latex` writes LaTeX."),
    (
      names("p plans plans-name plan"),
      "nnU-Net's plan is made by `safnet new DATASET -o study.json --recipe nnunet`, which writes it into the experiment."
    ),
  ]

  /// A device as PyTorch calls it.
  static func device(_ value: String) -> String? {
    if value.lowercased().hasPrefix("cpu") {
      return "The processor computes where --engine pjrt and --device are left out."
    }
    guard let match = value.lowercased().wholeMatch(of: /(cuda|gpu|mps)(:(?<number>[0-9]+))?/) else { return nil }
    let number = match.number.map(String.init) ?? "0"
    return "A graphics card is chosen by its number: --engine pjrt --device \(number); `safnet devices` lists them."
  }
}
