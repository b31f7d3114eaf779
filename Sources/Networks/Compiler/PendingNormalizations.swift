/// Which normalisations a training step leaves to their readers.
extension Graph {
  /// For every entry: is it a normalisation, with or without its ReLU, whose every reader can apply it? Who reads a
  /// concatenation that is left to its readers reads its inputs.
  ///
  /// Such an output is never written, nor computed again for backward: forward only measures, and readers get the input,
  /// which the normalisation's own gradient keeps anyway.
  func pendingNormalizations(_ kernels: [any Kernel], isJoined: [Bool]) -> [Bool] {
    var isPending = kernels.map { $0 is any NormalizationKernel }
    for (index, entry) in entries.enumerated() where !isJoined[index] {
      for (slot, input) in entry.inputs.enumerated() where !kernels[index].normalizedInputs.contains(slot) {
        isPending[input] = false
      }
    }
    for index in supervised { isPending[index] = false }
    return isPending
  }
}
