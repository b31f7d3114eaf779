import Compute
import Models

extension ModelConfiguration {
  /// The parts that an ablation table ticks, and whether this model has them; empty for a model without switches.
  package var components: [(name: String, isOn: Bool)] {
    switch self {
    case .safnet(let model):
      [("ASPP", model.aspp), ("Multiscale fusion", model.multiscale), ("Self-attention", model.attention)]
    case .unet3d, .resunet3d, .deeplabv3, .cfnet: []
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
    case .unet3d, .resunet3d, .deeplabv3, .cfnet: return self
    }
  }

  /// The smallest input whose deepest features still have a position of their own.
  package var leastSize: Extent3 {
    let halvings =
      switch self {
      case .safnet: 4
      case .unet3d(let model), .resunet3d(let model): model.levels.count - 1
      case .deeplabv3(let model): model.stages.count
      case .cfnet(let model): model.widths.count + 1
      }
    return Extent3(1, 1 << halvings, 1 << halvings)
  }
}
