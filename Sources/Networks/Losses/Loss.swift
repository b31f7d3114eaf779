/// What training lowers: a number made of class scores and labels.
///
/// A loss is a value with a file of its own and a line in `losses`. It says what there is to compute, in passes that every
/// engine knows, and what an experiment may set; how a pass is computed is the engine's matter.
package protocol Loss: Sendable {
  /// How an experiment names it.
  static var name: String { get }
  /// What it is, in a sentence.
  static var summary: String { get }
  /// What an experiment may set.
  static var fields: [LossField<Self>] { get }
  /// The loss as an experiment means it that names it and nothing else.
  init()
  /// What there is to compute: one pass or two over the voxels, and the derivatives between them.
  var passes: LossPasses { get }
}

extension Loss {
  /// None: an experiment can only name it.
  package static var fields: [LossField<Self>] { [] }
}

/// How often, and how, an engine goes over the voxels for a loss and its gradient. With z the class scores of a voxel,
/// p their softmax, and y 1 for the label's class and 0 for others:
package enum LossPasses: Sendable {
  /// Once: every voxel has a term of its own, and the loss is their mean.
  case terms(VoxelTerm)
  /// Twice: once for sums over the voxels, and once for the gradient, which depends on the sums.
  case overlaps(@Sendable ([OverlapSums]) -> OverlapLoss)
}

/// What a voxel contributes to a loss of one pass.
package enum VoxelTerm: Sendable {
  /// `−log p(label)`; the mean is over voxels.
  case crossEntropy
  /// `−Σ_c [y log p + (1 − y) log(1 − p)]`; the mean is over voxels and classes.
  case pixelwise
}

/// How far prediction and truth overlap, over the voxels of one case, class by class.
package struct OverlapSums: Equatable, Sendable {
  /// `Σ p` over the voxels that have the class.
  package var common: [Double]
  /// `Σ p` over all voxels.
  package var predicted: [Double]
  /// How many voxels have the class.
  package var labelled: [Double]
  /// `Σ −w log p(label)` over all voxels, with w the weight of the label's class.
  package var crossEntropy: Double
  /// w of every class; nil: each is 1.
  package var weights: ClassWeights?

  /// Sums of equal length, one number for each class.
  package init(
    common: [Double], predicted: [Double], labelled: [Double], crossEntropy: Double, weights: ClassWeights? = nil
  ) {
    (self.common, self.predicted) = (common, predicted)
    (self.labelled, self.crossEntropy, self.weights) = (labelled, crossEntropy, weights)
  }

  /// V, all voxels of the case that are not ignored: each has one class.
  package var voxels: Double { labelled.reduce(0, +) }
  /// `Σ w` over these voxels: V where the classes have no weights.
  package var weight: Double { weights?.sum(labelled) ?? voxels }
}

/// A loss of two passes for some sums: its value, and its derivatives by the sums of every case.
package struct OverlapLoss: Equatable, Sendable {
  /// dL by the sums of one case; `labelled` has none, because labels are given.
  package struct Derivatives: Equatable, Sendable {
    /// `dL / d(Σ p y)`, class by class.
    package var common: [Double]
    /// `dL / d(Σ p)`, class by class.
    package var predicted: [Double]
    /// `dL / d(Σ −log p(label))`.
    package var crossEntropy: Double

    /// Derivatives of equal length, one number for each class.
    package init(common: [Double], predicted: [Double], crossEntropy: Double) {
      (self.common, self.predicted, self.crossEntropy) = (common, predicted, crossEntropy)
    }
  }

  /// L for the whole batch.
  package var value: Double
  /// One for every case of the batch.
  package var derivatives: [Derivatives]

  /// A value with derivatives for every case, in the batch's order.
  package init(value: Double, derivatives: [Derivatives]) { (self.value, self.derivatives) = (value, derivatives) }
}

/// One thing about a loss that an experiment may set: its name, the property that holds it, and what it means.
package enum LossField<Owner: Loss>: Sendable {
  /// A number that is at least so much.
  case number(String, WritableKeyPath<Owner, Double> & Sendable, atLeast: Double, meaning: String)
  /// Yes or no.
  case flag(String, WritableKeyPath<Owner, Bool> & Sendable, meaning: String)
  /// One of a few words.
  case choice(String, WritableKeyPath<Owner, String> & Sendable, words: [String], meaning: String)
}

extension RawRepresentable where RawValue == String {
  /// For fields that are one of a few words; another word changes nothing.
  package var word: String {
    get { rawValue }
    set { self = Self(rawValue: newValue) ?? self }
  }
}

/// Any loss, to be stored and compared: equal losses have the same name and the same fields.
package struct AnyLoss: Hashable, Sendable {
  /// The loss, whose type has the name and whose fields are what an experiment set.
  package let value: any Loss

  /// The same loss, to be stored and compared.
  package init(_ value: any Loss) { self.value = value }

  /// How an experiment names it.
  package var name: String { type(of: value).name }

  private var content: [String] {
    func values<Value: Loss>(_ loss: Value) -> [String] {
      Value.fields.map { field in
        switch field {
        case .number(_, let path, _, _): "\(loss[keyPath: path])"
        case .flag(_, let path, _): "\(loss[keyPath: path])"
        case .choice(_, let path, _, _): loss[keyPath: path]
        }
      }
    }
    return [name] + values(value)
  }

  /// The same name and the same fields.
  package static func == (a: AnyLoss, b: AnyLoss) -> Bool { a.content == b.content }
  /// By what `==` compares.
  package func hash(into hasher: inout Hasher) { hasher.combine(content) }
}
