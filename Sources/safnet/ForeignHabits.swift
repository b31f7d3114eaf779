/// What people of other programs type: names of options, for each command and for all, and what is said of them here.
enum ForeignHabits {
  /// VALUE is what was given, OPTION how it is called.
  typealias Habit = (names: Set<String>, words: String)

  static func names(_ text: String) -> Set<String> { Set(text.split(separator: " ").map(String.init)) }

  static let ofCommands: [String: [Habit]] = [
    "run": ofRun, "plan": [ofVariants, ofOthers, ofFolds, ofCases, ofExecutors, ofWorkspaces, ofReading],
    "status": [ofVariants, ofOthers, ofFolds, ofCases, ofWorkspaces, ofReading], "predict": ofPredict,
    "validate": [ofReading], "cancel": [ofReading], "runs list": [ofWorkspaces, ofReading], "runs show": [ofReading],
    "runs compare": [ofReading], "benchmark": [ofReading], "devices": [ofReading],
    "dataset check": [
      ofReading,
      (names("verify-dataset-integrity verify-integrity verify integrity"), "It does just that, always: leave it out."),
      (
        names("d dataset dataset-id dataset-path data data-dir i input"),
        "The dataset's folder stands by itself: safnet dataset check GIVEN"
      ),
      (
        others.union(cases),
        "Cases are left out by dataset.exclude in an experiment, and `safnet dataset check EXPERIMENT` looks at the others."
      ),
    ],
    "dashboard": [
      ofWorkspaces,
      (
        places.union(output),
        "It shows and writes nothing: `safnet report EXPERIMENT --output VALUE` writes tables and figures into a folder."
      ),
    ],
    "verify": [(places.union(output), "Both workspaces are kept in a folder with --keep VALUE")],
    "evaluate": ofEvaluate, "new": ofNew,
    "report": ofReport, "export": [replacing("An export replaces nothing: give another folder, or remove that one.")],
    "runs remove": ofRemove, "dataset import": ofDatasetImport, "import predictions": ofImport,
    "import nnunet": ofImport,
    "dataset phantom": [
      replacing("A folder that is there is never replaced: give another name, or remove it."),
      (places.union(output), "The folder that is made stands by itself: safnet dataset phantom VALUE"),
    ],
  ]

  /// What several commands are asked for, each in its own words.
  private static func replacing(_ words: String, or others: String = "") -> Habit {
    (names("overwrite overwrite-existing force-overwrite replace clobber force \(others)"), words)
  }

  private static let ofVariants: Habit = (names("variant variants model-name"), "--only VALUE chooses among variants.")

  static let others = names(
    "exclude except skip without drop omit ignore not leave-out exclude-variant skip-variant exclude-variants skip-variants"
  )

  static let ofOthers: Habit = (
    others,
    "--only names the variants that are taken, and others stay out: --only VARIANT; cases are left out by dataset.exclude in the"
      + " experiment."
  )

  private static let ofFolds: Habit = (
    names("skip-fold skip-folds exclude-fold exclude-folds without-fold"),
    "--folds names the folds that are taken, and others stay out: --folds NUMBERS, such as --folds 1-3,5"
  )

  private static let cases = names(
    "exclude-case exclude-cases skip-case skip-cases ignore-case ignore-cases exclude-id exclude-ids exclude-subjects")

  private static let ofCases: Habit = (
    cases,
    #"Cases are left out by dataset.exclude: --set 'dataset.exclude=[{"case":"PLAIN","reason":"..."}]'"#
  )

  private static let output = names("o output")

  private static let ofReading: Habit = (
    places.union(output), "It writes no files: `> FILE` keeps what it prints."
  )

  static let ofWorkspaces: Habit = (
    names("logdir log-dir workdir work-dir runs-dir run-dir"),
    "Runs are kept in a workspace: --workspace VALUE"
  )

  private static let ofExecutors: Habit = (
    names("executor"),
    "--site FILE is enough for `safnet plan`, which shows a cluster's jobs with it; `safnet run` has OPTION."
  )

  static let withForce = replacing("What is there is replaced with --force.")

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
    ofVariants, ofOthers, ofFolds, ofCases,
    (
      places.union(
        names("o output work-dir workdir log-dir logdir model-dir checkpoint-dir exp-dir default-root-dir")),
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
    (
      names("fast-dev-run smoke-test sanity-check overfit-batches limit-train-batches limit-val-batches"),
      "--dry-run says what would be done; for a try with little training there are --set training.epochs=1 and --folds 1,"
        + " in a workspace of its own: --workspace TRY"
    ),
    (
      names("ckpt-path ckpt resume-from-checkpoint resume-checkpoint load-checkpoint"),
      "`safnet run` goes on by itself where it was stopped: leave it out. Weights of another run to begin with are"
        + " training.start of the experiment."
    ),
    replacing(
      "What is finished stays: `safnet runs remove RUN` takes a run away, and `safnet run` trains it again.",
      or:
        "clean fresh restart no-resume retrain force-retrain force-train force-run rerun re-run force-rerun from-scratch"
    ),
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

  /// How a place to write to is called.
  static let places = names(
    "out outdir out-dir out-path out-folder outfile out-file output-dir output-directory output-path output-folder"
      + " output-file save save-dir save-path save-to savedir dest destination results-dir result-dir results-folder report-dir"
      + " dir folder directory target target-dir to into outputdir outputpath"
  )

  /// How label maps of a network and those of the truth are called where they are named by options.
  static let predictions = names("pred preds prediction predictions p i input pred-folder pred-dir pred-path seg")
  static let truths = names(
    "gt g truth truths ground-truth groundtruth ref reference r gt-folder gt-dir gt-path mask masks")

  static let measures = names("metric metrics measure measures")
  static let eachMeasure = measures.union(names("dice dsc iou jaccard hd hd95 hausdorff asd assd msd nsd"))

  private static let ofEvaluate: [Habit] = [
    (eachMeasure, "Every measure is printed: leave it out."),
    (
      names("variant run-name"),
      "Structures are those of a run, --run VALUE, which may be called by its variant, or of an experiment, --experiment FILE."
    ),
    (
      predictions.union(truths),
      "Both stand by themselves, the prediction first: safnet evaluate PREDICTION TRUTH"
    ),
    replacing(
      "Nothing is written but what --csv names; a table of scores that stands there is replaced, any other file is not: give another"
        + " name, or remove it."),
    (
      names("o output out output-file out-file outfile save output-dir save-path excel summary"),
      "Every score of two folders' cases is written with --csv FILE; --json prints them."
    ),
  ]

  private static let ofNew: [Habit] = [
    (
      names("d dataset dataset-id dataset-name-or-id dataset-path data data-dir i input task t"),
      "The dataset's folder stands by itself, and first: safnet new GIVEN -o study.json"
    ),
    replacing("A file that is there is never replaced: give another name, or remove it."),
    (
      names("folds fold k n-folds num-folds nfolds kfold cv n-splits splits"),
      "The number of folds stands in the file that is written: change \"count\" of \"folds\" there to VALUE."
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

  static let anywhere: [Habit] = [
    (
      measures,
      "Every measure is in the report that `safnet report EXPERIMENT` makes; training.monitor of an experiment, meanDice or"
        + " voxelAccuracy, chooses the best epoch."
    ),
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
      names("wandb tensorboard mlflow tb use-wandb logger loggers log-to report-to"),
      "`safnet dashboard` shows runs while they are trained; `safnet export` writes them for tensorboard and mlflow."
    ),
    (
      names("disable-tta no-tta no-mirroring no-flip"),
      "Nothing is mirrored when cases are predicted unless `prediction` of an experiment asks for it: leave it out."
    ),
    (
      names("tta mirror flip use-tta"),
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
}
