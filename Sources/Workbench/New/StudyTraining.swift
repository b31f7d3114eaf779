import JSON
import Text
import Volumes

/// How the networks of a new study are trained: nnU-Net's recipe (`docs/recipes.md`) but for its optimiser, for all of them
/// alike.
enum StudyTraining {
  /// Of a training, in optimiser's steps.
  private static let steps = 2000
  static let seeds = [2023, 2024, 2025]

  static let smallestBatch = 2

  /// Cases of a step that make up five per cent of the training cases, and two at least: nnU-Net's limits.
  static func largestBatch(training: Int) -> Int { min(max(smallestBatch, training / 20), training) }

  /// - Parameter labels: mirrored images are sound where no structure has a side, and every one has a name to tell it by.
  static func augmentation(_ labels: StudyLabels) -> [StudyChoice] {
    let sided = labels.map.sidedNames
    let mirrors = sided.isEmpty && labels.unnamed.isEmpty
    let why =
      mirrors
      ? "left and right exchanged too: no structure's name has a side"
      : sided.isEmpty
        ? "without mirroring: structures without names may have a side"
        : "without mirroring: \(DatasetNotice.shortList(sided)) have a side"
    let value: JSONValue = [
      "rotation": ["probability": 0.2, "degrees": 30], "contrast": ["probability": 0.15],
      "elastic": ["probability": 0], "scaling": true, "noise": true, "blur": true, "brightness": true,
      "lowResolution": true, "gamma": true, "mirroring": .bool(mirrors),
    ]
    return [StudyChoice("augmentation", value, "nnU-Net's; \(why)", short: "nnU-Net's")]
  }

  static func networks(spacing: [Double]) -> [StudyChoice] {
    [
      StudyChoice(
        "model", ["kind": "safnet", "width": 32, "stem": [16, 32]],
        "a quarter of the paper's 128, for a sixteenth of its time; as nnU-Net's first stage", short: "safnet, width 32"
      ),
      StudyChoice(
        "variants",
        [
          ["name": "Base", "model": ["aspp": false, "multiscale": false, "attention": false]],
          ["name": "SAFNet", "model": ["splice": "gatedHigh"]],
          [
            "name": "nnU-Net",
            "model": ["kind": "nnunet", "spacing": .array(spacing.map { .number($0) })],
          ],
        ],
        "SAFNet without and with its modules and the reading of its gate that did best; nnU-Net's network, planned for"
          + " \(spacing.map(StudyGrid.text).joined(separator: " x ")) mm",
        short: "Base, SAFNet, nnU-Net"),
    ]
  }

  /// What keeps a batch of whole images from being larger.
  static func limit(batch: Int, training: Int, memory: String) -> String {
    batch < largestBatch(training: training)
      ? "more does not fit \(memory)"
      : "nnU-Net's: two at least, a twentieth of \(Quantity.of(training, "training case")) at most"
  }

  /// - Parameters:
  ///   - training: cases that a fold trains with, at least.
  ///   - because: why the batch is what it is.
  static func choices(batch: Int, training: Int, because limit: String) -> [StudyChoice] {
    let perEpoch = (training + batch - 1) / batch
    let epochs = (steps + perEpoch - 1) / perEpoch
    return [
      StudyChoice(
        "training.epochs", .number(Double(epochs)),
        "\(epochs * perEpoch) steps, \(perEpoch) an epoch; nnU-Net takes 250,000 on a GPU: raise it where time allows"),
      StudyChoice("training.batch", .number(Double(batch)), limit),
      StudyChoice("training.learningRate", 0.001, "Adam's usual, and SAFNet's"),
      StudyChoice(
        "training.optimiser", "adam", "learns in so few steps; nnU-Net's SGD is made for a hundred times as many"),
      StudyChoice("training.weightDecay", 1e-4, "SAFNet's"),
      StudyChoice("training.clip", 12, "nnU-Net's"),
      StudyChoice("training.loss", "diceCrossEntropy", "nnU-Net's"),
      StudyChoice("training.schedule", ["kind": "poly"], "nnU-Net's", short: "poly"),
      StudyChoice("training.initialWeights", "byName", "variants begin alike in the layers that they share"),
      StudyChoice(
        "seeds", .numbers(seeds), "chance in training moves a mean by several points: three show by how much"),
    ]
  }
}
