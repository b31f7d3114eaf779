import Compute

/// Which activations a program keeps in bfloat16.
extension Graph {
  /// How every entry's activation is stored, and the gradient by it.
  ///
  /// Where convolutions round to bfloat16, so is what a convolution without bias hands to the batch normalisation that
  /// alone reads it. In training nothing but the two touches that activation, which waits in memory from forward to
  /// backward, nor its gradient, which the normalisation writes and the convolution reads: no other operation ever meets
  /// bfloat16. Inference folds such normalisations and keeps floats.
  func storage(_ mode: Mode, roundsConvolutions: Bool) -> [Storage] {
    var storage = entries.map { _ in Storage.float32 }
    guard mode == .training, roundsConvolutions else { return storage }
    let readers = readers
    for entry in entries where entry.operation is BatchNormalization && readers[entry.inputs[0]] == 1 {
      guard let convolution = entries[entry.inputs[0]].operation as? Convolution else { continue }
      if !convolution.hasBias { storage[entry.inputs[0]] = .bfloat16 }
    }
    return storage
  }
}
