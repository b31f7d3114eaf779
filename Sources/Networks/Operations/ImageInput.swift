import Compute

/// The network's image: one channel, stored without channel padding `[N, D, H, W]`; only convolutions read it.
struct ImageInput: Operation {
  let shape: Shape

  var kind: String { "image" }
  func outputShape(of inputs: [Shape]) -> Shape { shape }
  /// The caller's images are copied here before the first call.
  func forward(_ call: ForwardCall) {}
  func backward(_ call: BackwardCall) {}
}
