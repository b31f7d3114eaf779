import Compute
import JSON
import Networks

/// Any registered network, as experiments name it: JSON `{"kind": "safnet", ...}`, absent fields at defaults.
package struct ModelConfiguration: Sendable {
  /// The value whose properties an experiment chose.
  package let network: any Network
  /// Channels of the images that it sees: the dataset's, and nothing that an experiment writes of its model.
  package var channels = 1

  /// A network of any kind, registered or not; nothing is checked.
  package init(_ network: any Network) { self.network = network }

  /// What `kind` says in an experiment.
  package var kind: String { type(of: network).kind }
  /// What keeps its properties from being a network; empty for one that can be built.
  package var problems: [ModelProblem] { network.problems }
  /// The parts that an ablation table ticks.
  package var components: [NetworkComponent] { network.components }
  /// As an experiment holds it, with every default filled in.
  package var json: JSONValue { network.json }

  /// The same model with every choice spelt out, so that equal networks have equal plans.
  package var resolved: ModelConfiguration {
    var model = ModelConfiguration(network.resolved)
    model.channels = channels
    return model
  }

  /// The smallest input whose deepest features still have a position of their own.
  package var leastSize: Extent3 { Extent3(1, 1 << network.halvings, 1 << network.halvings) }

  /// The smallest size, this or a larger one, that the network's strides divide.
  package func suitable(_ size: Extent3) -> Extent3 { network.suitable(size) }

  /// Millimetres from voxel to voxel that its layers follow from; nil where they follow from none.
  package var plannedSpacing: [Double]? { network.plannedSpacing }

  /// What is allowed and surely not meant at this size.
  package func oddities(at size: Extent3) -> [ModelProblem] { network.oddities(at: size) }

  /// Fields that change no layer at this size, whatever they say.
  package func idleFields(at size: Extent3) -> [IdleField] { network.idleFields(at: size) }

  /// The network of its kind whose fields nobody has changed.
  package var standard: ModelConfiguration {
    func plain<Kind: Network>(_ network: Kind) -> ModelConfiguration { ModelConfiguration(Kind()) }
    return plain(network)
  }

  /// What its layers follow from at this size, in words.
  package func reasons(at size: Extent3) -> [String] { network.reasons(at: size) }

  /// Names a run's directory: the kind and, of an ablation variant, what is on.
  package var slug: String {
    let parts = components.filter { $0.slug != nil }
    let on = parts.filter(\.isOn).compactMap(\.slug)
    guard on.count < parts.count else { return kind }
    return ([kind] + (on.isEmpty ? ["base"] : on)).joined(separator: "-")
  }
}

extension ModelConfiguration: Hashable {
  /// Networks of the same kind with equal properties, for images of as many channels.
  package static func == (left: Self, right: Self) -> Bool {
    left.channels == right.channels && AnyHashable(left.network) == AnyHashable(right.network)
  }

  /// By what `==` compares.
  package func hash(into hasher: inout Hasher) { hasher.combine(AnyHashable(network)) }
}

extension ModelConfiguration: NetworkModel {
  /// The network's own logits, `[N, D, H, W, classes]`.
  ///
  /// - Precondition: it has no problems; the message names them.
  package func logits(of image: Node, classes: Int) -> Node {
    checked.logits(of: image, classes: classes)
  }

  /// The network's own, and those that it has for deep supervision.
  ///
  /// - Precondition: it has no problems; the message names them.
  package func supervisedLogits(of image: Node, classes: Int) -> [Node] {
    checked.supervisedLogits(of: image, classes: classes)
  }

  /// The network's own.
  package var initialization: WeightInitialization { network.initialization }

  private var checked: any Network {
    precondition(problems.isEmpty, "\(kind): \(problems.map { "\($0.field) \($0.rule)" }.joined(separator: "; "))")
    return network
  }
}

/// Inside a larger record a model is the object that an experiment would hold; of the program's own networks.
extension ModelConfiguration: Codable {
  package init(from decoder: any Decoder) throws {
    let text = CanonicalJSON.text(try JSONValue(from: decoder))
    let node = try JSONParser.parse(Array(text.utf8), origin: .file("model"))
    var errors: [JSONError] = []
    if node["kind"] == nil { errors.append(Input(node).error(.missingKey("kind"))) }
    guard let model = NetworkRegistry.standard.form.read(Input(node), nil, &errors), errors.isEmpty else {
      let words = errors.map { "\($0)" }.joined(separator: "\n")
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: words))
    }
    self = model
  }

  /// The object that an experiment would hold, with every default filled in.
  package func encode(to encoder: any Encoder) throws { try json.encode(to: encoder) }
}
