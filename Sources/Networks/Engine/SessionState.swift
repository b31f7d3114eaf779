import Compute

/// Everything that training changes, outside any arena: what a checkpoint holds.
package struct SessionState: Equatable, Sendable {
  /// Weights, by PyTorch's names and in its layout.
  package var parameters: [NamedTensor]
  /// `running_mean`, `running_var`, `num_batches_tracked` of every normalisation.
  package var statistics: [NamedTensor]
  /// Running mean of every parameter's gradient, by the parameter's name: Adam's first moment, or the velocity of
  /// gradient descent.
  package var firstMoments: [NamedTensor]
  /// Adam's running mean of every gradient's square, by the parameter's name; empty with another rule.
  package var secondMoments: [NamedTensor]
  /// Optimiser steps so far, which Adam's bias corrections count.
  package var step: Int
  /// Running average of every parameter; empty where the optimiser keeps none.
  package var averagedParameters: [NamedTensor]
  /// Running average of every statistic; empty likewise.
  package var averagedStatistics: [NamedTensor]

  /// A state of whatever tensors; a session checks that they are its own when it imports them.
  package init(
    parameters: [NamedTensor], statistics: [NamedTensor], firstMoments: [NamedTensor], secondMoments: [NamedTensor],
    step: Int, averagedParameters: [NamedTensor] = [], averagedStatistics: [NamedTensor] = []
  ) {
    (self.parameters, self.statistics) = (parameters, statistics)
    (self.firstMoments, self.secondMoments, self.step) = (firstMoments, secondMoments, step)
    (self.averagedParameters, self.averagedStatistics) = (averagedParameters, averagedStatistics)
  }

  /// The same with its averages as the network, where it has any: what is validated and tested.
  package var forPrediction: SessionState {
    var state = self
    if !averagedParameters.isEmpty { (state.parameters, state.statistics) = (averagedParameters, averagedStatistics) }
    return state
  }
}

/// A state that does not belong to the session's model.
package enum SessionStateError: Error, Equatable, CustomStringConvertible {
  /// The model has the tensor, the state has not.
  case missing(section: String, name: String)
  /// The state has the tensor, the model has not.
  case unexpected(section: String, name: String)
  /// Both have the tensor, with different sides.
  case shape(section: String, name: String, found: [Int], expected: [Int])
  /// The state has the tensor twice.
  case duplicate(section: String, name: String)
  /// Fewer than no steps.
  case negativeStep(Int)

  /// One line: which tensor of which section does not belong, and what the model has.
  package var description: String {
    switch self {
    case .missing(let section, let name): "the \(section) hold no \(name)"
    case .unexpected(let section, let name): "the \(section) hold \(name), which the model does not have"
    case .shape(let section, let name, let found, let expected):
      "\(name) in the \(section) has shape \(found), the model's is \(expected)"
    case .duplicate(let section, let name): "the \(section) hold \(name) twice"
    case .negativeStep(let step): "the state claims \(step) optimiser steps"
    }
  }
}

extension SessionState {
  /// The tensors of one section by name, after checking that they are exactly those of `slots`.
  ///
  /// - Throws: `SessionStateError` for a tensor that is missing, a stranger, there twice, or of another shape.
  package static func checked(
    _ tensors: [NamedTensor], _ section: String, _ slots: [ParameterLayout.Slot]
  ) throws -> [String: NamedTensor] {
    var byName: [String: NamedTensor] = [:]
    for tensor in tensors {
      guard byName.updateValue(tensor, forKey: tensor.name) == nil else {
        throw SessionStateError.duplicate(section: section, name: tensor.name)
      }
    }
    for slot in slots {
      guard let tensor = byName[slot.name] else { throw SessionStateError.missing(section: section, name: slot.name) }
      guard tensor.shape == slot.shape else {
        throw SessionStateError.shape(section: section, name: slot.name, found: tensor.shape, expected: slot.shape)
      }
    }
    let known = Set(slots.map(\.name))
    if let stranger = tensors.first(where: { !known.contains($0.name) }) {
      throw SessionStateError.unexpected(section: section, name: stranger.name)
    }
    return byName
  }
}
