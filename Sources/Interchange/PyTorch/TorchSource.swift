import Compute
import Networks

/// An operation that has a form in PyTorch. A new operation of a network conforms in `TorchOperations.swift`.
package protocol TorchExpressible: Operation {
  /// Modules and parameters with what they are called below the operation's own name; empty for that name itself.
  func modules(_ place: TorchPlace) -> [(part: String, constructor: String)]
  /// The operation as an expression of Python.
  func expression(_ place: TorchPlace) -> String
}

extension TorchExpressible {
  /// None: nothing is learnt.
  package func modules(_ place: TorchPlace) -> [(part: String, constructor: String)] { [] }
}

/// An operation's place in a network: under which name its tensors are, and what it reads.
package struct TorchPlace: Sendable {
  let name: Name
  /// Python's names of the values.
  let inputs: [String]
  let shapes: [Shape]
  let output: Shape

  /// The module of that name, called with the first input and further arguments.
  func call(_ arguments: String = "") -> String { "at(\"\(name)\")(\(inputs[0])\(arguments))" }
  /// The parameter of that part of the name.
  func parameter(_ part: String) -> String { "self.get_parameter(\"\(name / part)\")" }
}

/// `model.py`: a network as one class of plain `torch.nn`, whose tensors have the names of the checkpoint.
package struct TorchSource: Sendable {
  package static let name = "model.py"

  /// The file.
  package let text: String

  /// - Parameters:
  ///   - graph: as the model wrote it; its batch is left open, its image's size is not.
  ///   - title: what the network is and where it comes from, in a line or several.
  package init(_ graph: Graph, title: String) throws(InterchangeError) {
    var (modules, lines): ([String], [String]) = ([], [])
    var values = ["image"]
    for (index, entry) in graph.entries.enumerated().dropFirst() {
      guard let operation = entry.operation as? any TorchExpressible else {
        throw .unknownOperation(kind: entry.operation.kind, format: "pytorch")
      }
      let place = TorchPlace(
        name: entry.name, inputs: entry.inputs.map { values[$0] }, shapes: graph.inputShapes(of: index),
        output: entry.shape)
      for (part, constructor) in operation.modules(place) {
        let path = part.isEmpty ? entry.name : entry.name / part
        modules.append("        add(self, \"\(path)\", \(constructor))")
      }
      values.append("x\(index)")
      lines.append("        x\(index) = \(operation.expression(place))")
    }
    lines.append("        return \(values[graph.output])")
    text =
      Self.head(title, graph.entries[0].shape) + modules.joined(separator: "\n") + Self.middle
      + lines.joined(separator: "\n") + "\n"
  }

  private static func head(_ title: String, _ image: Shape) -> String {
    let sides = ([1] + image.sides).map(String.init).joined(separator: ", ")
    return #"""
      """\#(title)

      Needs torch and safetensors:

          import safetensors.torch, torch
          from model import Network
          network = Network()
          network.load_state_dict(safetensors.torch.load_file("weights.safetensors"), strict=True)
          scores = network.eval()(torch.zeros(\#(sides)))  # [N, K, D, H, W]

      pipeline.json says how an image is made ready for it.
      """
      import torch
      from torch import nn
      from torch.nn import functional as F


      def add(parent, path, part):
          """Puts a module or a parameter where its path says: "low.deep.conv"."""
          *parents, name = path.split(".")
          for word in parents:
              if word not in parent._modules:
                  parent.add_module(word, nn.Module())
              parent = parent._modules[word]
          parent.register_parameter(name, part) if isinstance(part, nn.Parameter) else parent.add_module(name, part)


      def position_attention(queries, keys, values):
          """Every position mixes the values of all others (Fu et al. 2019)."""
          weights = torch.softmax(queries.flatten(2).transpose(1, 2) @ keys.flatten(2), -1)
          return (values.flatten(2) @ weights.transpose(1, 2)).view_as(values)


      def channel_attention(features):
          """Every channel mixes all others (Fu et al. 2019)."""
          flat = features.flatten(2)
          return (torch.softmax(flat @ flat.transpose(1, 2), -1) @ flat).view_as(features)


      class Network(nn.Module):
          def __init__(self):
              super().__init__()

      """#
  }

  private static let middle = """


        def forward(self, image):
            at = self.get_submodule

    """
}
