import Compute
import Models

extension ModelConfiguration {
  /// The parts that an ablation table ticks, and whether this model has them; empty for a model without switches.
  package var components: [(name: String, isOn: Bool)] {
    switch self {
    case .safnet(let model):
      [("ASPP", model.aspp), ("Multiscale fusion", model.multiscale), ("Self-attention", model.attention)]
    }
  }

  /// Names a run's directory: the kind and, of an ablation variant, what is on.
  package var slug: String {
    let on = components.filter(\.isOn)
    guard on.count < components.count else { return kind.rawValue }
    return on.isEmpty
      ? "\(kind.rawValue)-base" : ([kind.rawValue] + on.map { Self.short[$0.name]! }).joined(separator: "-")
  }

  private static let short = ["ASPP": "aspp", "Multiscale fusion": "multiscale", "Self-attention": "attention"]

  /// The same model with every choice spelt out, so that equal networks have equal plans.
  package var resolved: ModelConfiguration {
    switch self {
    case .safnet(var configuration):
      configuration.gate = configuration.hasGate
      return .safnet(configuration)
    }
  }

  /// The smallest input whose deepest features still have a position of their own.
  package var leastSize: Extent3 {
    switch self {
    case .safnet: Extent3(1, 16, 16)  // four strides of (1, 2, 2)
    }
  }
}
