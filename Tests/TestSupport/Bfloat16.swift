/// The bfloat16 next to a number, as bits, by its definition: of the two that enclose it the nearer one, of two equally near
/// the one whose last bit is 0, infinity counting as 2¹²⁸. NaN stays a quiet NaN; numbers below 2⁻¹²⁶ become zeros of their
/// sign.
package func nearestBfloat16(_ value: Float) -> UInt16 {
  let towardsZero = UInt16(value.bitPattern >> 16)
  if value.isNaN { return towardsZero | 0x40 }
  if value.isInfinite { return towardsZero }
  if value.magnitude < 0x1p-126 { return towardsZero & 0x8000 }
  let magnitude = Double(value.magnitude), last = towardsZero & 0x7FFF
  let (below, above) = (magnitude - extended(last), extended(last + 1) - magnitude)
  if below < above || below == above && last % 2 == 0 { return towardsZero }
  return towardsZero + 1
}

/// The value of a bfloat16 without sign.
private func extended(_ bits: UInt16) -> Double { bits == 0x7F80 ? 0x1p128 : Double(widened(bits)) }

/// A bfloat16 as a float, which holds it exactly.
package func widened(_ bits: UInt16) -> Float { Float(bitPattern: UInt32(bits) << 16) }

/// Floats of every sign, exponent and upper fraction, and of lower halves at, around and away from ties.
package let floatsAroundBfloat16: [Float] = [0, 1, 0x1234, 0x7FFF, 0x8000, 0x8001, 0xFFFF].flatMap { lower in
  (0...0xFFFF).map { Float(bitPattern: UInt32($0) << 16 | lower) }
}
