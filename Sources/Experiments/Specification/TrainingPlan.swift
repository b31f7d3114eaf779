import Compute
import JSON
import Networks
import Volumes

/// Every number of one network's training; the defaults are the paper's.
package struct TrainingPlan: Hashable, Sendable {
  /// What the plateau schedule and the choice of the best checkpoint look at, on the validation cases.
  package enum Monitor: String, Codable, CaseIterable, Sendable {
    /// The mean over the structures of Dice.
    case meanDice
    /// The share of voxels, background included, that are labelled right.
    case voxelAccuracy
  }

  /// Which checkpoint is tested.
  package enum EvaluatedCheckpoint: String, Codable, CaseIterable, Sendable { case best, last }

  /// What becomes of the last batch of an epoch when fewer cases than a batch are left.
  package enum LastBatch: String, Codable, CaseIterable, Sendable { case keep, drop }

  /// Passes over the training cases.
  package var epochs = 50
  /// Cases per step; an epoch's last batch may have fewer.
  package var batch = 8
  /// What the network sees of an image at once; nil: all of it.
  package var patch: Extent3?
  /// Which share of a batch's patches must hold a voxel of a structure; nnU-Net's (`oversample_foreground_percent`).
  package var foreground = TrainingPlan.usualForeground
  /// How a batch is divided where it is not computed whole.
  package var parts = BatchParts()
  /// The optimiser's step size at the start; the schedule lowers it.
  package var learningRate = 1e-3
  /// How a gradient changes the parameters.
  package var optimiser = Optimiser()
  /// What training lowers: one of the registered losses with its fields.
  package var loss = AnyLoss.pixelwise
  /// How much a voxel counts in a cross-entropy, by the name of its class, `background` among them; classes that are not
  /// named count 1.
  package var classWeights: [String: Double] = [:]
  /// The score that schedule and best checkpoint look at.
  package var monitor = Monitor.meanDice
  /// When the learning rate falls.
  package var schedule = LearningRateSchedule()
  /// Epochs without a better score after which training ends; 0: it never ends early.
  package var earlyStopping = 0
  /// How convolutions may round; decides the bits.
  package var precision = Precision.float32
  /// The checkpoint that is tested.
  package var evaluate = EvaluatedCheckpoint.best
  /// What becomes of the cases that do not fill an epoch's last batch.
  package var lastBatch = LastBatch.keep
  /// Whether networks of one seed begin with the same values in the layers that they share.
  package var initialWeights = InitialWeights.byPlace
  /// What training begins with: in an experiment a run's name or a checkpoint's file, in a plan the weights' SHA-256; empty
  /// for fresh weights.
  package var start = ""
  /// Decides initial weights, the order of the cases and augmentation; not the folds. `Variant.seeds` take its place.
  package var seed: UInt64 = 2023

  /// Of nnunetv2 2.8.
  package static let usualForeground = 0.33

  /// The paper's training, and a seed.
  package init() {}

  /// Adam's numbers, and the weight decay of every rule.
  package var adam: AdamOptions {
    get { optimiser.adam }
    set { optimiser.adam = newValue }
  }

  /// The sizes of the batches of one epoch over `cases` training cases.
  package func batches(of cases: Int) -> [Int] {
    let full = Array(repeating: batch, count: cases / batch)
    return lastBatch == .keep && cases % batch > 0 ? full + [cases % batch] : full
  }
}

extension TrainingPlan {
  /// Cases that a step may have.
  package static let batchLimits = 1...4096

  /// A training as experiments and plans write it.
  ///
  /// - Parameter losses: those that `loss` may name.
  package static func form(_ losses: LossRegistry = .standard) -> Form<TrainingPlan> {
    .record("How a network is trained", TrainingPlan(), fields(losses))
  }

  /// A field added here needs `absentMeans`: runs that were trained without it keep their identity.
  ///
  /// - Parameter losses: those that `loss` may name.
  package static func fields(_ losses: LossRegistry = .standard) -> [Field<TrainingPlan>] {
    [
      Field("epochs", \.epochs, .integer(1...1_000_000), "Passes over the training cases"),
      Field("batch", \.batch, .integer(batchLimits), "Cases per step"),
      Field(
        "microBatch", \.parts.largest, .integer(0...4096).saying(none: "0"), absentMeans: 0,
        "Cases that are computed at once, their gradients added up to the batch's; 0 is the whole batch"),
      Field(
        "patch", \.patch, .optional(.extent(Preprocessing.sides)), absentMeans: nil,
        "What the network sees of an image at once, [D, H, W] in voxels: one patch of every training case an epoch, and"
          + " overlapping windows in prediction. Absent: the whole image"),
      Field(
        "foreground", \.foreground, .number(.from(0, to: 1)), absentMeans: usualForeground,
        "Share of a batch's patches that hold a voxel of a structure for certain; the others lie anywhere (nnU-Net)"),
      Field("learningRate", \.learningRate, .number(.above(0)), "The optimiser's step size at the start"),
      Field(
        "optimiser", \.optimiser.rule, .choice(), absentMeans: .adam, "The rule that changes the parameters: PyTorch's"),
      Field(
        "weightDecay", \.adam.weightDecay, .number(.atLeast(0)).saying(none: "0"),
        "L2 term added to the gradient, as in PyTorch's Adam and SGD; adamw shortens the parameters instead"),
      Field("beta1", \.adam.beta1, .number(.from(0, below: 1)), "Adam's decay of the gradient's mean"),
      Field("beta2", \.adam.beta2, .number(.from(0, below: 1)), "Adam's decay of the gradient's square"),
      Field("epsilon", \.adam.epsilon, .number(.above(0)), "Added to Adam's denominator"),
      Field(
        "momentum", \.optimiser.momentum, .number(.from(0, below: 1)), absentMeans: 0.99,
        "Of sgd, as nnU-Net's: how much of the last step is in the next"),
      Field(
        "nesterov", \.optimiser.nesterov, .flag, absentMeans: true, "Of sgd, as nnU-Net's: momentum that looks ahead"),
      Field(
        "clip", \.optimiser.clip, .number(.atLeast(0)).saying(none: "0"), absentMeans: 0,
        "Largest norm of all gradients together (nnU-Net has 12); 0 is without a limit"),
      Field(
        "average", \.optimiser.average, .number(.from(0, below: 1)).saying(none: "0"), absentMeans: 0,
        "Validate and test the running average of the weights, of which this share stays in every step; 0 is off"),
      Field("loss", \.loss, .loss(losses), "What training lowers: a name, or an object with kind and fields"),
      Field(
        "classWeights", \.classWeights, weightsForm.saying(none: "{}"), absentMeans: [:],
        "How much voxels of a structure, or of background, count in a cross-entropy; 1 where nothing is said"),
      Field(
        "monitor", \.monitor, .choice(), "What the schedule and the best checkpoint look at, on the validation cases"),
      Field(
        "schedule", \.schedule, scheduleForm.saying(none: #"{"kind": "plateau", "factor": 1}"#),
        "When the learning rate falls"),
      Field(
        "earlyStopping", \.earlyStopping, .integer(0...1_000_000).saying(none: "0"), absentMeans: 0,
        "Epochs without a better score after which training ends; 0 is never"),
      Field("precision", \.precision, .choice(), "How convolutions may round"),
      Field(
        "evaluate", \.evaluate, .choice(), "The checkpoint that is tested: best on the validation cases, or last"),
      Field("lastBatch", \.lastBatch, .choice(), "Keep or drop the cases that do not fill an epoch's last batch"),
      Field(
        "initialWeights", \.initialWeights, .choice(), absentMeans: .byPlace,
        "What a layer's first values depend on besides the seed: its place among all layers, or its name alone"),
      Field(
        "start", \.start, .text, absentMeans: "",
        "Begin with the weights of this finished run, or of this checkpoint's file (.h5), in place of fresh ones"),
      Field(
        "seed", \.seed, .seed,
        "For initial weights, the order of the cases and augmentation; not for the folds (folds.seed). To train with"
          + " several, write seeds"),
    ]
  }

  private static var weightsForm: Form<[String: Double]> {
    Form<[(String, Double)]>.dictionary(
      of: .number(.from(0, to: largestWeight)), keys: "structure name, or background, and its weight"
    )
    .map(
      { Dictionary($0) { _, last in last } },
      { weights in weights.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } })
  }

  private static let largestWeight = 1e6

  private static var scheduleForm: Form<LearningRateSchedule> {
    .record(
      "Reduce on plateau: after more than `patience` epochs without improvement; or poly or cosine over the epochs",
      LearningRateSchedule(),
      [
        Field("kind", \.kind, .choice(), absentMeans: .plateau, "How the rate falls"),
        Field(
          "factor", \.factor, .number(Interval(lower: 0, upper: 1, excludesLower: true)),
          "Multiplies the rate; 1 keeps it"),
        Field("patience", \.patience, .integer(0...1_000_000), "Epochs without improvement that are borne"),
        Field("threshold", \.threshold, .number(.atLeast(0)), "Relative improvement that counts"),
        Field("minimum", \.minimum, .number(.atLeast(0)), "The rate never falls below this"),
        Field(
          "exponent", \.exponent, .number(.above(0)), absentMeans: 0.9, "Of poly: (1 - epoch / epochs) to this power"),
        Field(
          "warmUp", \.warmUp, .integer(0...1_000_000).saying(none: "0"), absentMeans: 0,
          "Epochs in which the rate rises to the first"),
      ])
  }
}
