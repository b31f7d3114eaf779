/// How the numbers of an activation, or of the gradient by it, lie in memory.
package enum Storage: Sendable {
  /// Single precision: four bytes a number.
  case float32
  /// The upper halves of floats: 8 significant bits. Rounded to nearest, ties to even; below 2⁻¹²⁶ zero.
  case bfloat16

  /// Bytes of one number.
  package var bytes: Int {
    switch self {
    case .float32: 4
    case .bfloat16: 2
    }
  }
}

/// What is still to be done to an activation that is stored before its normalisation:
/// `y = (x − mean) scale + shift`, then, where it rectifies, zero in place of negative values.
package struct PendingNormalization {
  /// One number for each stored channel each, zeros in the padding.
  package let mean, scale, shift: UnsafePointer<Float>
  /// Whether a ReLU follows.
  package let rectifies: Bool

  /// Numbers that outlive the value.
  package init(
    mean: UnsafePointer<Float>, scale: UnsafePointer<Float>, shift: UnsafePointer<Float>, rectifies: Bool
  ) {
    (self.mean, self.scale, self.shift, self.rectifies) = (mean, scale, shift, rectifies)
  }
}

/// An activation to be read. What reads floats only asks for `floats`, which an activation in bfloat16, one whose
/// normalisation is pending, or one in several parts does not have.
package struct Activation {
  /// The first number.
  package let address: UnsafeRawPointer
  /// What a number is in memory.
  package let storage: Storage
  /// What the reader does to every number; nil where the numbers are the activation's own.
  package let pending: PendingNormalization?
  /// The activations whose channels follow each other in this one; empty where it has memory of its own.
  package let parts: [Part]

  /// One of the activations that are read as one.
  package struct Part {
    /// Where its numbers lie, and what they are.
    package let activation: Activation
    /// Channels as they are stored.
    package let channels: Int

    /// So many channels of the whole.
    package init(_ activation: Activation, channels: Int) { (self.activation, self.channels) = (activation, channels) }
  }

  /// Memory that holds numbers of one kind and outlives the value.
  package init(_ address: UnsafeRawPointer, _ storage: Storage, pending: PendingNormalization? = nil) {
    (self.address, self.storage, self.pending, parts) = (address, storage, pending, [])
  }
  /// The channels of several activations, one after the other.
  package init(joining parts: [Part]) {
    (address, storage, pending) = (parts[0].activation.address, .float32, nil)
    self.parts = parts
  }
  /// Floats.
  package init(_ floats: UnsafePointer<Float>) { self.init(UnsafeRawPointer(floats), .float32) }
  /// The same memory, to be read.
  package init(_ written: MutableActivation) { self.init(UnsafeRawPointer(written.address), written.storage) }

  /// The numbers as floats; traps where they are stored as bfloat16, or before their normalisation.
  package var floats: UnsafePointer<Float> {
    precondition(storage == .float32, "an activation stored as \(storage) cannot be read as floats")
    precondition(pending == nil, "an activation stored before its normalisation cannot be read as it is")
    precondition(parts.isEmpty, "an activation in several parts cannot be read as one")
    return address.assumingMemoryBound(to: Float.self)
  }

  /// The same from number `index` on, the first of a voxel.
  package func advanced(by index: Int) -> Activation {
    precondition(parts.isEmpty, "an activation in several parts cannot be read as one")
    return Activation(address + index * storage.bytes, storage, pending: pending)
  }
}

/// An activation to be written.
package struct MutableActivation {
  /// The first number.
  package let address: UnsafeMutableRawPointer
  /// What a number is in memory.
  package let storage: Storage

  /// Memory for numbers of one kind that outlives the value.
  package init(_ address: UnsafeMutableRawPointer, _ storage: Storage) {
    (self.address, self.storage) = (address, storage)
  }

  /// Floats.
  package init(_ floats: UnsafeMutablePointer<Float>) { self.init(UnsafeMutableRawPointer(floats), .float32) }

  /// The numbers as floats; traps where they are stored as bfloat16.
  package var floats: UnsafeMutablePointer<Float> {
    precondition(storage == .float32, "an activation stored as \(storage) cannot be written as floats")
    return address.assumingMemoryBound(to: Float.self)
  }

  /// The same from number `index` on.
  package func advanced(by index: Int) -> MutableActivation {
    MutableActivation(address + index * storage.bytes, storage)
  }
}
