import Compute
import Networks

/// The layers of nnU-Net's two networks, under its names.
extension NNUNet {
  /// Encoder, decoder and the finest stage's head.
  package func logits(of image: Node, classes: Int) -> Node { supervisedLogits(of: image, classes: classes)[0] }

  /// The heads from fine to coarse; the finest alone without deep supervision.
  package func supervisedLogits(of image: Node, classes: Int) -> [Node] {
    let stages = plan(at: image.shape.extent).stages
    let skips = encoded(image, stages)
    var x = skips[stages.count - 1]
    guard stages.count > 1 else { return [head(x, classes, 0)] }
    var heads: [Node] = []
    for (index, fine) in stages.indices.dropLast().reversed().enumerated() {
      let (skip, stride) = (skips[fine], stages[fine + 1].stride)
      let up = x.upsampled(skip.shape.channels, by: stride, to: skip.shape.extent, "decoder.transpconvs" / index)
      x = stacked(
        .concatenated([up, skip]), stages[fine], stride: 1, count: encoder == .plain ? convolutions : 1,
        "decoder.stages" / index)
      if fine == 0 || (deepSupervision && index > 0) { heads.insert(head(x, classes, index), at: 0) }
    }
    return heads
  }

  /// What every stage of the encoder makes, from fine to coarse.
  private func encoded(_ image: Node, _ stages: [NNUNetPlan.Stage]) -> [Node] {
    var (x, results) = (image, [Node]())
    if encoder == .residual { x = stacked(x, stages[0], stride: 1, count: 1, "encoder.stem") }
    for (index, stage) in stages.enumerated() {
      let name: Name = "encoder.stages" / index
      switch encoder {
      case .plain: x = stacked(x, stage, stride: stage.stride, count: convolutions, name / 0)
      case .residual:
        for block in 0..<[1, 3, 4, 6][min(index, 3)] {
          x = residual(x, stage, stride: block == 0 ? stage.stride : 1, name / "blocks" / block)
        }
      }
      results.append(x)
    }
    return results
  }

  private func head(_ x: Node, _ classes: Int, _ index: Int) -> Node {
    x.convolved(classes, kernel: 1, bias: true, "decoder.seg_layers" / index)
  }

  /// So many convolutions with what is behind each; the first has the stride.
  private func stacked(
    _ x: Node, _ stage: NNUNetPlan.Stage, stride: Extent3, count: Int, _ name: Name
  ) -> Node {
    (0..<count).reduce(x) { x, index in
      let name = name / "convs" / index
      return x.convolved(
        stage.features, kernel: stage.kernel, stride: index == 0 ? stride : 1, bias: true, name / "conv"
      )
      .instanceNormalized(name / "norm").leakyRelu()
    }
  }

  /// A block of ResNet-D (He et al. 2019): two convolutions beside the input, which is pooled where there is a stride and
  /// projected where channels differ. It begins as the input alone: the second norm's γ is 0.
  private func residual(_ x: Node, _ stage: NNUNetPlan.Stage, stride: Extent3, _ name: Name) -> Node {
    let (channels, kernel) = (stage.features, stage.kernel)
    let first = x.convolved(channels, kernel: kernel, stride: stride, bias: true, name / "conv1" / "conv")
      .instanceNormalized(name / "conv1" / "norm").leakyRelu()
    let second = first.convolved(channels, kernel: kernel, bias: true, name / "conv2" / "conv")
      .instanceNormalized(name / "conv2" / "norm", weight: 0)
    var skip = stride == 1 ? x : x.averagePooled(stride)
    if x.shape.channels != channels {
      let name = name / "skip" / (stride == 1 ? 0 : 1)
      skip = skip.convolved(channels, kernel: 1, name / "conv").instanceNormalized(name / "norm")
    }
    return (second + skip).leakyRelu()
  }
}
