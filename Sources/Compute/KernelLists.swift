/// The entry of a C target's list of kernels that belongs to an instruction set; nil for `scalar`.
func kernels<Variant>(
  of instructionSet: InstructionSet, _ entry: (Int32) -> UnsafePointer<Variant>?,
  _ name: KeyPath<Variant, UnsafePointer<CChar>?>
) -> UnsafePointer<Variant>? {
  var index: Int32 = 0
  while let variant = entry(index) {
    if let name = variant.pointee[keyPath: name], String(cString: name) == instructionSet.rawValue { return variant }
    index += 1
  }
  return nil
}

/// Two C structures at once.
func withUnsafePointers<A, B, Result>(
  _ a: A, _ b: B, _ body: (UnsafePointer<A>, UnsafePointer<B>) -> Result
) -> Result {
  withUnsafePointer(to: a) { a in withUnsafePointer(to: b) { b in body(a, b) } }
}

extension BinaryInteger {
  func roundedUp(to multiple: Self) -> Self { (self + multiple - 1) / multiple * multiple }
}
