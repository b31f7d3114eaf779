/// What people of other programs type behind `safnet predict`.
extension ForeignHabits {
  static let ofPredict: [Habit] = [
    withForce, (others, "Runs and images that are named are taken, and no others: leave out what is not meant."),
    (
      names("save-probabilities save-probability probs prob softmax save-softmax save-probs npz logits"),
      "Probabilities are written with --probabilities."
    ),
    (names("tta flip use-tta"), "Label maps are by mirrored images too with --mirror."),
    (
      names("disable-tta no-tta no-mirror no-mirroring no-flip"),
      "Images are mirrored with --mirror, and not without it: leave it out."
    ),
    (
      names("d dataset dataset-id dataset-name-or-id task task-name tr trainer p plans c configuration"),
      "A run brings its dataset, plan and network: leave it out."
    ),
    (
      names("batch batch-size b bs sw-batch-size"),
      "Images are predicted one after the other: leave it out. --threads says how many threads work on one."
    ),
    (
      names("postprocess postprocessing pp pp-pkl-file keep-largest largest lcc connected-components"),
      "Each structure's largest piece alone is kept with --components largest."
    ),
    (
      names("relabel relabel-levels label-order order-levels consecutive consistent vertebra-labels"),
      "Vertebrae and discs are named one after the other with --levels consecutive."
    ),
    (names("chk checkpoint-name"), "A run has two networks, and --checkpoint best or last chooses between them."),
    (
      names("epoch epochs iteration step at-epoch"),
      "A run keeps two networks, the best one and the last, and none of another epoch: --checkpoint best or last chooses."
    ),
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
}
