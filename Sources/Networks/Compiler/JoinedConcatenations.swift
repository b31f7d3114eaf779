/// Which concatenations are left to their readers.
extension Graph {
  /// For every entry: is it a concatenation whose every reader can take the channels from its inputs?
  ///
  /// Such an output is never written, nor is its gradient: readers read the inputs, and write the inputs' gradients. So that
  /// these are summed in the order in which they always were, nobody reads an input after the concatenation.
  func joinedConcatenations(_ kernels: [any Kernel], hasGradient: [Bool]) -> [Bool] {
    var isJoined = entries.indices.map { isJoinable($0, hasGradient) }
    let joinable = isJoined
    for (index, entry) in entries.enumerated() {
      for (slot, input) in entry.inputs.enumerated() {
        if !kernels[index].joinedInputs.contains(slot) { isJoined[input] = false }
        // What a later entry than its concatenation reads.
        for earlier in entries[..<index].indices where joinable[earlier] && entries[earlier].inputs.contains(input) {
          isJoined[earlier] = false
        }
      }
    }
    return isJoined
  }

  /// As far as itself and its inputs matter: all of them have a gradient, or none has, and none is the image.
  private func isJoinable(_ index: Int, _ hasGradient: [Bool]) -> Bool {
    let inputs = entries[index].inputs
    return entries[index].operation is Concatenation && !supervised.contains(index)
      && inputs.allSatisfy { $0 > 0 && !supervised.contains($0) && hasGradient[$0] == hasGradient[index] }
      && inputs.dropLast().allSatisfy { entries[$0].shape.channels % Concatenation.partChannels == 0 }
  }
}
