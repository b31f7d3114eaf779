import CKernels

/// What becomes of a convolution's sums before they are stored: `y = scale · sum + bias` and, where `rectifies`, zero in
/// place of negative values. So a bias, a normalisation by known statistics and a ReLU cost no pass over memory.
package struct ConvolutionFinish {
  /// One value per output channel; nil for 1.
  package var scale: UnsafePointer<Float>?
  /// One value per output channel; nil for 0.
  package var bias: UnsafePointer<Float>?
  /// Zero in place of negative values, after scale and bias; NaN stays NaN.
  package var rectifies: Bool

  /// By default the sums are stored as they are.
  package init(scale: UnsafePointer<Float>? = nil, bias: UnsafePointer<Float>? = nil, rectifies: Bool = false) {
    (self.scale, self.bias, self.rectifies) = (scale, bias, rectifies)
  }

  var cFinish: convolution_finish { convolution_finish(scale: scale, bias: bias, rectify: rectifies ? 1 : 0) }

  /// The same with both arrays copied to `memory`, `capacity` floats each, zeros behind them: as vector kernels read them.
  func padded(_ count: Int, into memory: UnsafeMutablePointer<Float>, _ capacity: Int) -> convolution_finish {
    func copy(_ values: UnsafePointer<Float>?, to place: UnsafeMutablePointer<Float>) -> UnsafePointer<Float>? {
      guard let values else { return nil }
      place.update(from: values, count: count)
      (place + count).update(repeating: 0, count: capacity - count)
      return UnsafePointer(place)
    }
    return convolution_finish(
      scale: copy(scale, to: memory), bias: copy(bias, to: memory + capacity), rectify: rectifies ? 1 : 0)
  }
}
