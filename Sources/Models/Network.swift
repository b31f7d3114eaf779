import Compute
import JSON
import Networks

/// A network that experiments can name: a value whose properties are what an experiment may choose, and one file that
/// says everything about it. `networks` lists them all.
package protocol Network: NetworkModel, Hashable {
  /// What `kind` says in an experiment; begins the names of its runs' directories.
  static var kind: String { get }
  /// For the schema of experiments, in a few words.
  static var summary: String { get }
  /// The properties as an experiment writes them, besides `kind`. One that is added once runs have been trained needs
  /// `absentMeans`, so that they keep their identity.
  static var fields: [Field<Self>] { get }

  /// The network as its paper has it: what an experiment means that names the kind and nothing else.
  init()

  /// What keeps these properties from being a network, each with the field it is about.
  var problems: [ModelProblem] { get }
  /// How often height and width are halved on the way to the deepest features.
  var halvings: Int { get }
  /// The smallest size, this or a larger one, that the network's strides divide.
  func suitable(_ size: Extent3) -> Extent3
  /// What its layers follow from at this size, for `safnet plan`: a line that says so, then its details. Empty where the
  /// layers are the same at every size.
  func reasons(at size: Extent3) -> [String]
  /// Millimetres from voxel to voxel that its layers follow from; nil where they follow from none.
  var plannedSpacing: [Double]? { get }
  /// What is allowed and surely not meant at this size, each with its field and what would be usual.
  func oddities(at size: Extent3) -> [ModelProblem]
  /// Fields that change no layer at this size, whatever they say, as another switches off what they belong to.
  func idleFields(at size: Extent3) -> [IdleField]
  /// The parts that an ablation table ticks; empty for a network without switches.
  var components: [NetworkComponent] { get }
  /// The same network with every choice spelt out, so that equal networks have equal plans.
  var resolved: Self { get }
}

extension Network {
  /// Itself: strides leave what does not divide to the borders.
  package func suitable(_ size: Extent3) -> Extent3 { size }
  /// None: its layers are the same at every size.
  package func reasons(at size: Extent3) -> [String] { [] }
  /// None: its layers are the same at every spacing.
  package var plannedSpacing: [Double]? { nil }
  /// None: whatever is allowed may be meant.
  package func oddities(at size: Extent3) -> [ModelProblem] { [] }
  /// None: a network without switches.
  package func idleFields(at size: Extent3) -> [IdleField] { [] }
  /// None: a network without switches.
  package var components: [NetworkComponent] { [] }
  /// Itself: nothing in it is left to be derived.
  package var resolved: Self { self }

  /// A record of `kind` and the fields, whose absent members are the paper's.
  package static var form: Form<Self> { .record(summary, Self(), [.constant("kind", kind)] + fields) }

  /// As an experiment holds it, with every default filled in.
  var json: JSONValue { Self.form.write(self)! }

  /// One of the alternatives that `kind` tells apart.
  static var alternative: Alternative<ModelConfiguration> {
    Alternative(kind, Self(), form, { ModelConfiguration($0) }, { $0.network as? Self })
  }
}

/// A part of a network that it has or lacks.
package struct NetworkComponent: Hashable, Sendable {
  /// As the ablation table heads its column.
  package let name: String
  /// In the name of a run's directory; nil for a part that follows from others.
  package let slug: String?
  /// Whether this network has the part.
  package let isOn: Bool

  /// - Parameter slug: what the part adds to the name of a run's directory; nil for a part that follows from others.
  package init(_ name: String, slug: String?, isOn: Bool) { (self.name, self.slug, self.isOn) = (name, slug, isOn) }
}

extension Network {
  /// Dilations of which every 3x3x3 tap but the middle one lies in the padding, wherever it is; none for those of the paper,
  /// whatever the size.
  ///
  /// - Parameters:
  ///   - usual: the paper's.
  ///   - map: the features that they are applied to.
  func idle(_ rates: [Int], _ field: String, usual: [Int], map: Extent3, along axes: [KeyPath<Extent3, Int>])
    -> ModelProblem?
  {
    let reach = axes.map { map[keyPath: $0] }.max() ?? 1
    let idle = rates.filter { $0 >= reach }
    guard rates != usual, !idle.isEmpty else { return nil }
    let list = idle.map { "\($0)" }.joined(separator: ", ")
    return ModelProblem(
      field: field,
      rule:
        "at a rate of \(list) a branch sees nothing but padding around each voxel, as the features have \(map) voxels there"
        + " (D x H x W); "
        + (reach > 1 ? "take rates below \(reach)" : "take a larger preprocessing.size"))
  }
}

extension Extent3 {
  /// What strides of two leave of height and width.
  func halvedInPlane(_ times: Int) -> Extent3 {
    (0..<times).reduce(self) { extent, _ in Extent3(extent.depth, (extent.height + 1) / 2, (extent.width + 1) / 2) }
  }
}

/// A field of a network that has no effect on it.
package struct IdleField: Hashable, Sendable {
  /// The name of the field, as an experiment writes it.
  package let field: String
  /// Why, in words that end the sentence "it has no effect, as ...".
  package let cause: String
  /// What would give it one, in words that end the sentence "leave it out, or ..."; nil where no other field does.
  package let remedy: String?

  /// A field that another one switches off.
  package init(_ field: String, cause: String, remedy: String?) {
    (self.field, self.cause, self.remedy) = (field, cause, remedy)
  }
}

/// A field of a network that cannot be what it is.
package struct ModelProblem: Hashable, Sendable {
  /// The name of the field, as an experiment writes it.
  package let field: String
  /// What it must be, in words that end the sentence "found ..., must be above 1".
  package let rule: String

  /// A mistake that is told with the field's place in the experiment's file.
  package init(field: String, rule: String) { (self.field, self.rule) = (field, rule) }

  /// The problem that `field` breaks `rule`; nil where the rule holds.
  package static func unless(_ holds: Bool, _ field: String, _ rule: String) -> ModelProblem? {
    holds ? nil : ModelProblem(field: field, rule: rule)
  }
}

extension Form where Value == Int {
  /// Channels of a layer.
  package static var channels: Form { .integer(2...4096) }
}
