import JSON

/// Every network of this program. A new one is one file and one line here.
package let networks: [any Network.Type] = [
  SAFNet.self,
  UNet3D.self,
  ResUNet3D.self,
  DeepLabV3.self,
  CFNet.self,
  NNUNet.self,
]

/// The networks that an experiment can name: a value, handed down to whatever reads experiments and plans, so that a
/// test or another program can have more.
package struct NetworkRegistry: Sendable {
  /// In the order in which messages and the schema name them.
  package let networks: [any Network.Type]

  /// The networks of this program.
  package static let standard = NetworkRegistry(Models.networks)

  /// A list without two networks of one kind; anything else traps.
  package init(_ networks: [any Network.Type]) {
    precondition(Set(networks.map { $0.kind }).count == networks.count, "two networks of one kind")
    self.networks = networks
  }

  /// What `kind` may say, in the list's order.
  package var kinds: [String] { networks.map { $0.kind } }

  /// The network of that kind as its paper has it; nil for a stranger.
  package func model(_ kind: String) -> ModelConfiguration? {
    networks.first { $0.kind == kind }.map { ModelConfiguration($0.init()) }
  }

  /// An object whose `kind` says which network it is; a mistake in it names field, place and nearest name.
  package var form: Form<ModelConfiguration> {
    let choice = Form.tagged(networks.map { $0.alternative })
    // A network writes itself: what is written never depends on who else there is.
    return Form(schema: choice.schema, read: choice.read, write: { $0.json })
  }
}
