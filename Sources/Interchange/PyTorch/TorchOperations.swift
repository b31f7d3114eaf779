import Compute
import Networks

extension Extent3 {
  /// A tuple of Python.
  fileprivate var tuple: String { "(\(depth), \(height), \(width))" }
}

extension Convolution: TorchExpressible {
  /// `nn.Conv3d` with "same" padding.
  package func modules(_ place: TorchPlace) -> [(part: String, constructor: String)] {
    let padding = Extent3(
      (kernel.depth - 1) / 2 * dilation.depth, (kernel.height - 1) / 2 * dilation.height,
      (kernel.width - 1) / 2 * dilation.width)
    let shape = [kernel, stride, padding, dilation].map(\.tuple).joined(separator: ", ")
    return [
      ("", "nn.Conv3d(\(place.shapes[0].channels), \(outChannels), \(shape), bias=\(hasBias ? "True" : "False"))")
    ]
  }

  package func expression(_ place: TorchPlace) -> String { place.call() }
}

extension DepthwiseConvolution: TorchExpressible {
  /// `nn.Conv3d` with a group for each channel.
  package func modules(_ place: TorchPlace) -> [(part: String, constructor: String)] {
    let (channels, reach) = (place.output.channels, 3 * dilation)
    return [
      (
        "",
        "nn.Conv3d(\(channels), \(channels), (1, 7, 7), padding=(0, \(reach), \(reach)),"
          + " dilation=(1, \(dilation), \(dilation)), groups=\(channels))"
      )
    ]
  }

  package func expression(_ place: TorchPlace) -> String { place.call() }
}

extension TransposedConvolution: TorchExpressible {
  /// `nn.ConvTranspose3d`, asked for a last odd row or column.
  package func modules(_ place: TorchPlace) -> [(part: String, constructor: String)] {
    [("", "nn.ConvTranspose3d(\(place.shapes[0].channels), \(outChannels), \(stride.tuple), \(stride.tuple))")]
  }

  package func expression(_ place: TorchPlace) -> String { place.call(", output_size=\(extent.tuple)") }
}

extension BatchNormalization: TorchExpressible {
  /// `nn.BatchNorm3d`.
  package func modules(_ place: TorchPlace) -> [(part: String, constructor: String)] {
    [("", "nn.BatchNorm3d(\(place.output.channels), eps=\(Self.epsilon), momentum=\(Self.momentum))")]
  }

  package func expression(_ place: TorchPlace) -> String { rectifies ? "F.relu(\(place.call()))" : place.call() }
}

extension InstanceNormalization: TorchExpressible {
  /// `nn.InstanceNorm3d`.
  package func modules(_ place: TorchPlace) -> [(part: String, constructor: String)] {
    [("", "nn.InstanceNorm3d(\(place.output.channels), eps=\(Self.epsilon), affine=True)")]
  }

  package func expression(_ place: TorchPlace) -> String {
    slope.map { "F.leaky_relu(\(place.call()), \($0))" } ?? place.call()
  }
}

extension LeakyRectifier: TorchExpressible {
  package func expression(_ place: TorchPlace) -> String { "F.leaky_relu(\(place.inputs[0]), \(slope))" }
}

extension LayerNormalization: TorchExpressible {
  /// `nn.LayerNorm`, which wants the channels last.
  package func modules(_ place: TorchPlace) -> [(part: String, constructor: String)] {
    [("", "nn.LayerNorm(\(place.output.channels), eps=\(Self.epsilon))")]
  }

  package func expression(_ place: TorchPlace) -> String {
    "at(\"\(place.name)\")(\(place.inputs[0]).permute(0, 2, 3, 4, 1)).permute(0, 4, 1, 2, 3)"
  }
}

extension LayerScale: TorchExpressible {
  /// A parameter, `[C]`.
  package func modules(_ place: TorchPlace) -> [(part: String, constructor: String)] {
    [("scale", "nn.Parameter(torch.full((\(place.output.channels),), \(Double(initialValue))))")]
  }

  package func expression(_ place: TorchPlace) -> String {
    "\(place.inputs[0]) + \(place.parameter("scale")).view(1, -1, 1, 1, 1) * \(place.inputs[1])"
  }
}

extension LearntScale: TorchExpressible {
  /// A parameter, `[1]`.
  package func modules(_ place: TorchPlace) -> [(part: String, constructor: String)] {
    [("scale", "nn.Parameter(torch.zeros(1))")]
  }

  package func expression(_ place: TorchPlace) -> String {
    "\(place.inputs[0]) + \(place.parameter("scale")) * \(place.inputs[1])"
  }
}

extension Rectifier: TorchExpressible {
  package func expression(_ place: TorchPlace) -> String { "F.relu(\(place.inputs[0]))" }
}

extension Sigmoid: TorchExpressible {
  package func expression(_ place: TorchPlace) -> String { "torch.sigmoid(\(place.inputs[0]))" }
}

extension GELU: TorchExpressible {
  package func expression(_ place: TorchPlace) -> String { "F.gelu(\(place.inputs[0]))" }
}

extension Addition: TorchExpressible {
  package func expression(_ place: TorchPlace) -> String {
    let sum = "\(place.inputs[0]) + \(place.inputs[1])"
    return rectifies ? "F.relu(\(sum))" : sum
  }
}

extension Multiplication: TorchExpressible {
  package func expression(_ place: TorchPlace) -> String { "\(place.inputs[0]) * \(place.inputs[1])" }
}

extension AttentionGate: TorchExpressible {
  package func expression(_ place: TorchPlace) -> String {
    "\(place.inputs[0]) * torch.sigmoid(\(place.inputs[1]))"
  }
}

extension Concatenation: TorchExpressible {
  package func expression(_ place: TorchPlace) -> String {
    "torch.cat([\(place.inputs.joined(separator: ", "))], 1)"
  }
}

extension MaxPooling: TorchExpressible {
  package func expression(_ place: TorchPlace) -> String { "F.max_pool3d(\(place.inputs[0]), (1, 2, 2))" }
}

extension AveragePooling: TorchExpressible {
  package func expression(_ place: TorchPlace) -> String { "F.avg_pool3d(\(place.inputs[0]), \(window.tuple))" }
}

extension GlobalMean: TorchExpressible {
  package func expression(_ place: TorchPlace) -> String { "\(place.inputs[0]).mean((2, 3, 4), keepdim=True)" }
}

extension Broadcast: TorchExpressible {
  package func expression(_ place: TorchPlace) -> String {
    "\(place.inputs[0]).expand(-1, -1, \(extent.depth), \(extent.height), \(extent.width))"
  }
}

extension TrilinearResize: TorchExpressible {
  package func expression(_ place: TorchPlace) -> String {
    "F.interpolate(\(place.inputs[0]), \(extent.tuple), mode=\"trilinear\", align_corners=False)"
  }
}

extension PositionAttention: TorchExpressible {
  package func expression(_ place: TorchPlace) -> String {
    "position_attention(\(place.inputs.joined(separator: ", ")))"
  }
}

extension ChannelAttention: TorchExpressible {
  package func expression(_ place: TorchPlace) -> String { "channel_attention(\(place.inputs[0]))" }
}
