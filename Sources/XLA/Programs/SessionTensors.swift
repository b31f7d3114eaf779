import Networks

/// Everything of a session that training changes, one value for each tensor: the arguments of programs while they are
/// written, or buffers on a device.
struct SessionTensors<Tensor> {
  var parameters: [Tensor]
  var statistics: [Tensor]
  /// Of the parameters: the mean of gradients, or the velocity.
  var firstMoments: [Tensor]
  /// Empty where the rule keeps one moment only.
  var secondMoments: [Tensor]
  /// Empty where no averages are kept, and so those of the statistics.
  var averagedParameters: [Tensor]
  var averagedStatistics: [Tensor]

  /// In the order in which programs take and return them.
  var all: [Tensor] {
    parameters + statistics + firstMoments + secondMoments + averagedParameters + averagedStatistics
  }

  /// The same tensors, each made into something else, in the same order.
  func mapped<Other>(_ body: (Tensor) throws -> Other) rethrows -> SessionTensors<Other> {
    SessionTensors<Other>(
      parameters: try parameters.map(body), statistics: try statistics.map(body),
      firstMoments: try firstMoments.map(body), secondMoments: try secondMoments.map(body),
      averagedParameters: try averagedParameters.map(body), averagedStatistics: try averagedStatistics.map(body))
  }

  /// This with each tensor replaced by one of a list in the same order.
  func replaced<Other>(by others: some Collection<Other>) -> SessionTensors<Other> {
    var rest = others.makeIterator()
    return mapped { _ in
      guard let next = rest.next() else { preconditionFailure("fewer tensors than a session has") }
      return next
    }
  }
}

extension SessionTensors<ParameterLayout.Slot> {
  /// The places of all tensors.
  init(_ layout: ParameterLayout, _ optimiser: Optimiser) {
    self.init(
      parameters: layout.parameters, statistics: layout.statistics, firstMoments: layout.parameters,
      secondMoments: optimiser.rule.moments > 1 ? layout.parameters : [],
      averagedParameters: optimiser.averages ? layout.parameters : [],
      averagedStatistics: optimiser.averages ? layout.statistics : [])
  }
}
